"""How these tests open a source: short time-out, no second attempt, a name to find in messages."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connectors.engines import SourceEngine
from connectors.sources import Source


def opened(place: str | Path, **settings: Any) -> SourceEngine:
    """A source 'billing' at a URL, or at a folder."""
    url, files = (None, place) if isinstance(place, Path) else (sa.make_url(place), None)
    defaults = {"timeout_seconds": 5.0, "retries": 0, "file": "sources/billing.yaml"}
    return SourceEngine(Source("billing", url, files, **{**defaults, **settings}))
