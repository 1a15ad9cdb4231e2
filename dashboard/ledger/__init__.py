"""What was known when: runs, observations, and the figures that are read from them."""
