"""Boardseat: the customer's seat at the board table."""
