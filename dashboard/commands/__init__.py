"""The commands of `boardseat`, a file each: they read the clock and the environment, and print."""
