"""How these tests open a source, and make a workbook to open."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import sqlalchemy as sa

from connectors.engines import SourceEngine
from connectors.sources import Source


def opened(place: str | Path, **settings: Any) -> SourceEngine:
    """A source 'billing' at a URL, or at a folder: short time-out, no second attempt."""
    url, files = (None, place) if isinstance(place, Path) else (sa.make_url(place), None)
    defaults = {"timeout_seconds": 5.0, "retries": 0, "file": "sources/billing.yaml"}
    return SourceEngine(Source("billing", url, files, **{**defaults, **settings}))


def save_workbook(path: Path, sheet: Sequence[Sequence[object]]) -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for row in sheet:
        workbook.active.append(row)
    workbook.create_sheet("notes").append(["not read"])
    workbook.save(path)
    workbook.close()
