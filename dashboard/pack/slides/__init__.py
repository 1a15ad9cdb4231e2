"""The pack as a presentation: charts that can be edited, tables, and what to say in the notes."""
