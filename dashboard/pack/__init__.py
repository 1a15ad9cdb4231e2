"""The board pack: the panels of the pages as slides, paper and sheets, made from data without a browser."""
