"""What the tests of sources share."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of exports."""
    path = tmp_path / "exports"
    path.mkdir()
    return path
