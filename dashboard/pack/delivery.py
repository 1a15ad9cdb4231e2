"""A bound pack -> its files with their manifest, as they are given out and entered in the ledger."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from dashboard.charts.engines import can_fork
from dashboard.ledger.store import Ledger
from dashboard.pack.manifest import digest, manifest
from dashboard.pack.model import BoardPack
from dashboard.pack.renderers import Choices, PackFile, Progress, renderer, renderers
from dashboard.pack.side_by_side import rendered
from dashboard.pack.since_last import PACK

STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file knows, so that equal files give equal bytes


def check_formats(formats: Sequence[str]) -> None:
    """UnknownNameError where there is no such format: told before the work is begun."""
    for name in formats:
        renderer(name)


def files_of(
    pack: BoardPack,
    formats: Sequence[str],
    choices: Choices,
    progress: Progress = lambda what, share: None,
    processes: int = 1,
) -> tuple[PackFile, ...]:
    """The files of every format, and manifest.json last. `progress` is told what is made, and the share done.

    Several formats are made at once in as many `processes`, where this one can be divided.

    UnknownNameError where there is no such format; DashboardError where a template cannot be used.
    """
    files: list[PackFile] = []
    wanted = renderers(formats)
    if processes > 1 and len(wanted) > 1 and can_fork():
        files += rendered(pack, wanted, choices, progress, processes)
        return (*files, manifest(pack, files))
    for place, (name, render) in enumerate(wanted.items()):

        def tell(what: str, share: float, name: str = name, place: int = place) -> None:
            progress(f"{name}: {what}", (place + share) / len(wanted))

        tell("begun", 0.0)
        files += render(pack, choices, tell)
    return (*files, manifest(pack, files))


def enter(ledger: Ledger, pack: BoardPack, files: Sequence[PackFile], *, author: str, now: datetime) -> None:
    """Enter in the ledger who made which file of the pack, when, of which run."""
    for file in files:
        ledger.exports.add(
            f"{PACK}{file.name}",
            digest=digest(file),
            author=author,
            now=now,
            period=pack.code,
            run=pack.run,
        )


def zipped(files: Sequence[PackFile]) -> bytes:
    """All files in one; equal files give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
    return out.getvalue()
