"""What to ask: expressions become SELECTs, answers become MeasureFrames."""
