"""What the words mean: YAML becomes a frozen Catalog."""
