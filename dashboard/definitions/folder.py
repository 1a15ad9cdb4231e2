"""The files of a configuration: which there are, what they are called, and a hash over all of them."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from dashboard.definitions.values import NAME
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document, read_document

FOLDERS = ("sources", "datasets", "derivations", "metrics", "pages", "packs")
FILES = ("board.yaml", "access.yaml", "annotations.yaml", "trace.yaml")  # the last is for people alone


@dataclass(frozen=True)
class Folder:
    """A configuration as read: documents by folder and name, and the texts of the .sql files by path."""

    path: Path
    board: Document | None
    annotations: Document | None
    sources: tuple[str, ...]  # names alone: the connectors read the files
    datasets: Mapping[str, Document]
    derivations: Mapping[str, Document]
    metrics: Mapping[str, Document]
    pages: Mapping[str, Document]
    packs: Mapping[str, Document]
    version: str
    problems: tuple[Problem, ...]


def read_folder(config: Path) -> Folder:
    """Read every file that says what words mean. What is wrong with files as such is in `problems`."""
    problems: list[Problem] = []
    board = None
    if not config.is_dir():
        problems.append(
            Problem(
                "board.yaml", 1, 1, f"There is no folder {config}. Make one: docs/configuration.md says how."
            )
        )
    elif not (config / "board.yaml").is_file():
        problems.append(
            Problem(
                "board.yaml",
                1,
                1,
                "The file is missing. Write it: docs/configuration.md says how.",
            )
        )
    else:
        board, found = read_document(config / "board.yaml", "board.yaml")
        problems.extend(found)
    problems.extend(_strays(config))
    documents = {name: _documents(config, name, problems) for name in FOLDERS[1:]}
    annotations = None
    if (config / "annotations.yaml").is_file():
        annotations, found = read_document(config / "annotations.yaml", "annotations.yaml")
        problems.extend(found)
    sources = tuple(sorted(path.stem for path in (config / "sources").glob("*.yaml")))
    return Folder(
        config, board, annotations, sources, **documents, version=_version(config), problems=tuple(problems)
    )


def _documents(config: Path, folder: str, problems: list[Problem]) -> dict[str, Document]:
    documents = {}
    for path in sorted((config / folder).glob("*.yaml")):
        file = f"{folder}/{path.name}"
        document, found = read_document(path, file)
        problems.extend(found)
        documents[path.stem] = document
        if not NAME.match(path.stem):
            problems.append(
                Problem(
                    file, 1, 1, f"{path.stem!r} is no name. Name the file in small letters, digits and _."
                )
            )
    return documents


def _strays(config: Path) -> Iterator[Problem]:
    """YAML files that nothing would read: a slip of the keyboard must not make a dataset vanish."""
    for path in sorted((*config.rglob("*.yaml"), *config.rglob("*.yml"))):
        file = path.relative_to(config)
        if not any(part.startswith(".") for part in file.parts) and (fault := _fault(file)):
            yield Problem(file.as_posix(), 1, 1, fault)


def _fault(file: PurePath) -> str | None:
    """Why a file is not read, and what to do; None for one that is."""
    folder = file.parts[0]
    if len(file.parts) == 1:
        return None if folder in FILES else f"This file is not read. {did_you_mean(folder, FILES)}"
    if folder not in FOLDERS:
        return f"The folder {folder!r} is not read. {did_you_mean(folder, FOLDERS)}"
    if len(file.parts) > 2:
        return f"This file is not read. Put it into {folder} itself."
    if file.suffix == ".yml" and folder != "sources":  # of sources the connectors tell
        return f"This file is not read. Name it {file.stem}.yaml."
    return None


def _version(config: Path) -> str:
    """A hash of the bytes and names of all YAML and SQL files, in order of their paths.

    A file that cannot be read counts as empty: it is a problem of its own, or of no dataset.
    """
    digest = hashlib.sha256()
    for path in sorted((*config.rglob("*.yaml"), *config.rglob("*.sql"))):
        name, content = os.fsencode(path.relative_to(config).as_posix()), b""
        with suppress(OSError):
            content = path.read_bytes()
        digest.update(b"%d %s %d " % (len(name), name, len(content)))
        digest.update(content)
    return digest.hexdigest()[:16]
