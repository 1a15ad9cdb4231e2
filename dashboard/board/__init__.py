"""What the board sees: panels, signals in words, provenance; no drawing."""
