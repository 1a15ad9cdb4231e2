"""manifest.json: what a pack is of, and the hash of each of its files."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from dashboard.pack.model import BoardPack
from dashboard.pack.renderers import PackFile

MANIFEST = "manifest.json"
_PROGRAMS = ("boardseat", "python-pptx", "typst", "XlsxWriter", "pyarrow", "vl-convert-python")


def manifest(pack: BoardPack, files: Sequence[PackFile]) -> PackFile:
    """The manifest as a file of its own; equal packs have equal ones."""
    told: Mapping[str, Any] = {
        "organisation": pack.board.organisation,
        "pack": pack.spec.name,
        "period": pack.code,
        "start": pack.period.start.isoformat(),
        "end": pack.period.last_day.isoformat(),
        "group": dict(zip(pack.view.slice, pack.view.member, strict=True)),
        "as_of": pack.known.isoformat(),
        "run": pack.run,
        "closed": None if pack.close is None else pack.close.at.isoformat(),
        "definitions": pack.version,
        "pages": [page.shown.page.name for page in pack.pages],
        "programs": {name: version(name) for name in _PROGRAMS},
        "files": [{"name": each.name, "bytes": len(each.content), "sha256": digest(each)} for each in files],
    }
    return PackFile(MANIFEST, (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode())


def digest(file: PackFile) -> str:
    """The SHA-256 of a file's content."""
    return hashlib.sha256(file.content).hexdigest()
