"""Writes the generated pages of this folder anew: `make docs`."""

from pathlib import Path

from dashboard.cli import cli
from dashboard.commands.reference import reference

(Path(__file__).parent / "cli-reference.md").write_text(reference(cli), encoding="utf-8")
