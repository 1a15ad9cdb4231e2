"""Meridian Communications: a simulated company whose truths are known, to check what the product says."""
