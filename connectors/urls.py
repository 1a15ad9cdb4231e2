"""Text of `url:` and `files:` -> URL and path. `${NAME}` is looked up; a secret in clear text is refused.

A URL is taken apart before the values are put in, so that a password may hold any character.
"""

import os.path
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import URL

from connectors.drivers import problem_before_connecting

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
SECRET_KEY = re.compile(
    r"pass(word|wd|phrase)?$|pwd|password|secret|token|private_?key|api_?key|credential", re.I
)
SECRET_VALUE = re.compile(r"(password|passwd|pwd)\s*=\s*(?P<value>[^;\s]*)", re.I)
FILE_BACKENDS = ("duckdb", "sqlite")

# Stands for the n-th variable while the URL is taken apart: digits may stand in every part, the port too.
STAND_IN = "90417263{:04d}58"
STAND_INS = re.compile(r"90417263(\d{4})58")


class WrongValueError(ValueError):
    """A value of a source file that cannot be used; `offset` counts characters into its text."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


def is_secret(key: str) -> bool:
    """Whether an option of a URL names a secret: password, token and the like."""
    return SECRET_KEY.search(key) is not None


def read_url(text: str, config: Path, environ: Mapping[str, str]) -> URL:
    """The URL that `text` says, secrets filled in; a relative database file is put below `config`.

    Raises WrongValueError: a variable that is not set, a clear-text secret, no URL, an unknown driver. Its
    text never repeats the URL.
    """
    text, values = text.strip(), _variables(text.strip(), environ)
    whole = VARIABLE.fullmatch(text)
    if whole:  # the variable holds the whole URL, its password included
        url = _parsed(values[0], f"The environment variable {whole[1]} does not hold a database URL.")
    else:
        count = iter(range(len(values)))
        template = _parsed(
            VARIABLE.sub(lambda _: STAND_IN.format(next(count)), text), "This is not a database URL."
        )
        _refuse_clear_secrets(template)
        url = _filled(template, lambda part: STAND_INS.sub(lambda found: values[int(found[1])], part))
    if problem := problem_before_connecting(url):
        raise WrongValueError(problem)
    return _placed(url, config)


def read_folder(text: str, config: Path, environ: Mapping[str, str]) -> Path:
    """The folder that `text` says; a relative one is below `config`. That it exists is seen on connecting."""
    values = iter(_variables(text, environ))
    return _below(config, VARIABLE.sub(lambda _: next(values), text.strip()))


def _variables(text: str, environ: Mapping[str, str]) -> list[str]:
    values = []
    for found in VARIABLE.finditer(text):
        name = found[1]
        value = environ.get(name)
        if not value:
            state = "is not set" if value is None else "is empty"
            raise WrongValueError(
                f"The environment variable {name} {state}. Set it before you start Boardseat.", found.start()
            )
        values.append(value)
    rest = VARIABLE.sub(lambda found: " " * len(found[0]), text)
    if "${" in rest:
        raise WrongValueError("A variable is written ${NAME}, of letters, digits and _.", rest.index("${"))
    return values


def _parsed(text: str, what: str) -> URL:
    try:
        return sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise WrongValueError(f"{what} Write dialect://user:${{PASSWORD}}@host/database.") from None


def _refuse_clear_secrets(template: URL) -> None:
    """A password must be one variable and nothing else, in its place before the "@" as in an option."""
    if template.password and not STAND_INS.fullmatch(template.password):
        raise WrongValueError(
            "The password is written in clear text. Write ${NAME} and set that environment variable instead."
        )
    for key, value in template.query.items():
        for text in (value,) if isinstance(value, str) else value:
            hidden = [found["value"] for found in SECRET_VALUE.finditer(text)]
            if is_secret(key):
                hidden.append(text)
            if not all(STAND_INS.fullmatch(secret) for secret in hidden):
                raise WrongValueError(
                    f"The option {key!r} holds a secret in clear text. "
                    "Write ${NAME} and set that environment variable instead."
                )


def _filled(template: URL, fill: Callable[[str], str]) -> URL:
    def each(part: str | None) -> str | None:
        return None if part is None else fill(part)

    port = each(None if template.port is None else str(template.port))
    if port is not None and not port.isdecimal():
        raise WrongValueError("The port in the URL is not a number. Correct the variable it comes from.")
    return URL.create(
        fill(template.drivername),
        username=each(template.username),
        password=each(template.password),
        host=each(template.host),
        port=None if port is None else int(port),
        database=each(template.database),
        query={
            key: fill(value) if isinstance(value, str) else tuple(map(fill, value))
            for key, value in template.query.items()
        },
    )


def _placed(url: URL, config: Path) -> URL:
    if url.get_backend_name() not in FILE_BACKENDS:
        return url
    if not url.database or url.database.startswith(":memory:"):
        raise WrongValueError(
            f"A {url.get_backend_name()} source needs a file. Write {url.get_backend_name()}:///file."
        )
    return url.set(database=str(_below(config, url.database)))


def _below(config: Path, path: str) -> Path:
    """Normalised without following links, so that messages show the path as it was meant."""
    return Path(os.path.normpath(config.absolute() / path))
