"""What the figures mean: pure statistics, a file a method, no I/O."""
