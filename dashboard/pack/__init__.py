"""What the board receives."""
