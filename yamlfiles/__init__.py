"""YAML files read with the line and column of every key, so that a problem can name its place."""
