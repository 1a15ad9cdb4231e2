"""What was known when: runs and append-only observations."""
