"""config/sources/*.yaml -> Source. Secrets come from the environment and are shown nowhere."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from connectors.urls import WrongValueError, is_secret, read_folder, read_url
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document, read_document

KEYS = ("url", "files", "timeout", "owner", "pool", "retries")
SECONDS = {"second": 1.0, "seconds": 1.0, "minute": 60.0, "minutes": 60.0, "hour": 3600.0, "hours": 3600.0}
LONGEST = 24 * 3600.0


@dataclass(frozen=True, repr=False)
class Source:
    """A database by its URL, or a folder of files; exactly one of `url` and `files` is given.

    `timeout_seconds` bounds each statement, `pool_size` the connections open at once, `retries` how often a
    connection that fails is tried again. `file` is the YAML file that defines the source, for messages.
    """

    name: str
    url: URL | None
    files: Path | None
    owner: str = ""
    timeout_seconds: float = 60.0
    pool_size: int = 5
    retries: int = 2
    file: str = "the source's file"

    @property
    def place(self) -> str:
        """Where it is, without a password and without the options after "?", which may hold one."""
        if self.url is None:
            return str(self.files)
        return self.url.set(query={}).render_as_string(hide_password=True)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every text that no message may hold, the longest first."""
        if self.url is None:
            return ()
        found = [self.url.password] if self.url.password else []
        for key, value in self.url.query.items():
            if is_secret(key):
                found += [value] if isinstance(value, str) else value
        return tuple(sorted(filter(None, found), key=len, reverse=True))

    def __repr__(self) -> str:
        return f"Source(name={self.name!r}, place={self.place!r}, owner={self.owner!r}, file={self.file!r})"


def load_sources(
    config: Path, environ: Mapping[str, str]
) -> tuple[Mapping[str, Source], tuple[Problem, ...]]:
    """Read every config/sources/*.yaml: the sources without a problem, by name, and all problems.

    `environ` gives the values of `${NAME}`. A relative database file or folder is relative to `config`.
    """
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for path in sorted((config / "sources").glob("*.y*ml")):
        document, found = read_document(path, f"sources/{path.name}")
        if not found:
            source, found = _source(path, document, config, environ)
            if source is not None:
                sources[source.name] = source
        problems += found
    return sources, tuple(problems)


def _source(
    path: Path, document: Document, config: Path, environ: Mapping[str, str]
) -> tuple[Source | None, tuple[Problem, ...]]:
    value, problems = document.value, _shape_problems(path, document)
    if problems:
        return None, problems
    found: dict[str, Any] = {}
    wrong: list[Problem] = []
    for key, read in _readers(config, environ).items():
        if key in value:
            try:
                found[key] = read(value[key])
            except WrongValueError as error:
                wrong.append(document.problem((key,), str(error), of_key=False, offset=error.offset))
    if wrong:
        return None, tuple(wrong)
    return Source(
        name=path.stem,
        url=found.get("url"),
        files=found.get("files"),
        owner=found.get("owner", ""),
        timeout_seconds=found.get("timeout", Source.timeout_seconds),
        pool_size=found.get("pool", Source.pool_size),
        retries=found.get("retries", Source.retries),
        file=document.file,
    ), ()


def _shape_problems(path: Path, document: Document) -> tuple[Problem, ...]:
    value = document.value
    if path.suffix != ".yaml":
        return (document.problem((), f"The file ends in {path.suffix}. Rename it to {path.stem}.yaml."),)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
        return (document.problem((), f"{path.stem!r} is not a name. Use small letters, digits and _."),)
    if not isinstance(value, dict):
        return (document.problem((), "A source is a list of keys. Write  url: ...  or  files: ..."),)
    problems = [
        document.problem((key,), f"Unknown key {key!r}. {did_you_mean(key, KEYS)}")
        for key in map(str, value)
        if key not in KEYS
    ]
    if ("url" in value) == ("files" in value):
        both = "both url and files" if "url" in value else "neither url nor files"
        problems.append(document.problem((), f"A source has one of url and files; here is {both}. Keep one."))
    return tuple(problems)


def _readers(config: Path, environ: Mapping[str, str]) -> Mapping[str, Callable[[object], object]]:
    return {
        "url": lambda value: read_url(_text(value), config, environ),
        "files": lambda value: read_folder(_text(value), config, environ),
        "owner": _text,
        "timeout": _seconds,
        "pool": lambda value: _whole(value, 1, 50),
        "retries": lambda value: _whole(value, 0, 10),
    }


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WrongValueError("A text is needed here.")
    return value.strip()


def _whole(value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise WrongValueError(f"A whole number from {low} to {high} is needed here.")
    return value


def _seconds(value: object) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?) +([a-z]+)", value.strip()) if isinstance(value, str) else None
    if found is None or found[2] not in SECONDS:
        raise WrongValueError("Write a time-out as a number and its unit: 30 seconds, 5 minutes.")
    seconds = float(found[1]) * SECONDS[found[2]]
    if not 0 < seconds <= LONGEST:
        raise WrongValueError("A time-out is longer than 0 and at most 24 hours.")
    return seconds
