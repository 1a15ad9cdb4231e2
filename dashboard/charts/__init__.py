"""A panel becomes an Altair chart, a file a form."""
