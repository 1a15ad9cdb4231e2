"""A .sql file beside a dataset: taken as it is, if it is one SELECT and nothing else."""

import logging
from contextlib import suppress
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from dashboard.definitions.values import refusal

# sqlglot warns of what it cannot read; here that becomes a problem, which is told once and with its place.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

# The dialect of the source is not known here, so all that we connect to are tried. One that reads something
# other than a single SELECT out of the text is believed, since it could be the one that runs it.
DIALECTS = ("duckdb", "postgres", "mysql", "sqlite", "spark")
_WRITES = (
    *(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.TruncateTable),
    *(exp.Command, exp.Into, exp.Lock, exp.Copy, exp.Set, exp.Pragma, exp.Attach, exp.Use),
)


def read_query(folder: Path, name: str) -> str:
    """The text of the query. Raises PydanticCustomError with what is wrong and how to mend it."""
    if Path(name).name != name or not name.endswith(".sql"):
        raise refusal(
            f"{name!r} is not the name of a .sql file beside this one. Write it as: query: answers.sql."
        )
    path = folder / name
    if not path.is_file():
        near = sorted(other.name for other in folder.glob("*.sql"))
        known = f"There are: {', '.join(near)}." if near else "There is no .sql file beside this one."
        raise refusal(f"The file {name} is missing. {known}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise refusal(
            f"The file {name} cannot be read ({type(error).__name__}). Save it as UTF-8 text."
        ) from None
    query = _without_end(text)
    if wrong := _refused(query):
        raise refusal(f"{name} {wrong} Write exactly one SELECT.")
    return query


def _without_end(text: str) -> str:
    """The text up to a last semicolon, which may stand in no inner query; a comment behind it goes too."""
    if ";" not in text:
        return text.strip()
    with suppress(SqlglotError):
        words = sqlglot.tokenize(text)
        if words and words[-1].token_type is TokenType.SEMICOLON:
            return text[: words[-1].start].strip()
    return text.strip()


def _refused(text: str) -> str | None:
    """What stands against running the text; None for one SELECT."""
    if "/*!" in text:
        return "holds a comment that MySQL would run (/*!)."
    readable = False
    for dialect in DIALECTS:
        try:
            statements = [found for found in sqlglot.parse(text, read=dialect) if found is not None]
        except (SqlglotError, RecursionError):
            continue
        readable = True
        if len(statements) != 1:
            return f"holds {len(statements)} statements."
        if not isinstance(statements[0], exp.Query):
            return f"is not a SELECT but {statements[0].key.upper()}."
        if written := statements[0].find(*_WRITES):
            return f"does more than select: {written.key.upper()}."
    return None if readable else "cannot be read as SQL."
