"""`python -m dashboard` is `boardseat`."""

from dashboard.cli import main

main()
