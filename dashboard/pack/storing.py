"""Files written so that none is ever half there under its final name."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from dashboard.errors import DashboardError
from dashboard.pack.renderers import PackFile

_REMEDY = "Name another folder with --out."


def check_folder(folder: Path) -> None:
    """Make the folder, and try that it can be written, before minutes of work are lost on one that cannot."""
    probe = folder / f".boardseat-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise DashboardError(f"The folder {folder} cannot be written: {error.strerror}. {_REMEDY}") from None


def store(folder: Path, files: Iterable[PackFile]) -> tuple[Path, ...]:
    """Write every file under another name, and give all their own when all are complete.

    Raises:
        DashboardError: the disk is full or the folder cannot be written; nothing new is left in it.
    """
    written: list[tuple[Path, Path]] = []
    try:
        for file in files:
            path = folder / file.name
            partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
            written.append((partial, path))
            _write(partial, file.content)
        for partial, path in written:
            partial.replace(path)
    except OSError as error:
        for partial, _ in written:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        raise DashboardError(
            f"{written[-1][1].name} could not be written to {folder}: {error.strerror}. "
            f"Nothing of the pack was kept. Make room, or n{_REMEDY[1:]}"
        ) from None
    return tuple(path for _, path in written)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # a disk may tell only now that it is full
