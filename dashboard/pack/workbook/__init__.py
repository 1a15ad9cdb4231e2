"""The pack as a workbook to check and reckon with: numbers in real formats, native charts, their series."""
