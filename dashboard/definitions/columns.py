"""The online check: do the tables have the columns that the YAML names, and do they hold what is wanted?"""

from collections.abc import Collection, Iterator, Mapping

from dashboard.definitions.model import Catalog, ColumnUse
from yamlfiles.problems import Problem, did_you_mean

# What a column may hold, by what is needed of it. `other` is a type we do not know, and is never refused.
_FIT: Mapping[str, tuple[frozenset[str], str]] = {
    "number": (frozenset({"number"}), "a number"),
    "moment": (frozenset({"date", "timestamp"}), "a date or time"),
    "quarter": (frozenset({"date", "timestamp", "text"}), "a quarter, date or time"),
    "truth": (frozenset({"boolean", "number"}), "true or false"),
    "text": (frozenset({"text"}), "a text"),
    "words": (frozenset({"text"}), "a text"),
    "worded": (frozenset({"text", "date", "timestamp"}), "a text, date or time"),
}
_HOLDS = {
    "number": "a number",
    "text": "a text",
    "date": "a date",
    "timestamp": "a time",
    "boolean": "true or false",
}


def check_columns(
    catalog: Catalog, columns: Mapping[str, Mapping[str, str]], *, untyped: Collection[str] = ()
) -> tuple[Problem, ...]:
    """What the YAML says of columns against what the databases say, each fault at its place in the YAML.

    Args:
        catalog: a Catalog that has loaded without problems.
        columns: by dataset, the real columns and the class of their type: number, text, date, timestamp,
            boolean or other. A dataset that is left out (its source did not answer) is not checked.
        untyped: datasets whose engine has no types for dates and times (SQLite), so that a text may be one.
    """
    uses = (use for use in catalog.column_uses if use.dataset in columns)
    told = (
        (use, fault)
        for use in uses
        if (fault := _fault(use, columns[use.dataset], text_is_time=use.dataset in untyped))
    )
    return tuple(sorted({Problem(use.file, use.line, use.place, fault) for use, fault in told}))


def _fault(use: ColumnUse, real: Mapping[str, str], *, text_is_time: bool) -> str | None:
    if use.column not in real:
        return f"The dataset {use.dataset!r} has no column {use.column!r}. {_nearest(use.column, real)}"
    held = real[use.column]
    if use.need not in _FIT or held == "other":
        return None
    fit, wanted = _FIT[use.need]
    if held in fit or (text_is_time and held == "text" and use.need == "moment"):
        return None
    remedy = _remedy(use, held)
    return f"The column {use.column!r} holds {_HOLDS[held]}, where {use.what} takes {wanted}. {remedy}"


def _remedy(use: ColumnUse, held: str) -> str:
    if use.need == "truth":
        return "Compare it with something."
    if use.need == "words" and held in ("date", "timestamp"):
        return "Write a date as '2026-04-30' or '2026-04-30 18:00'."
    return "Name another column, or cast it in a query."


def _nearest(name: str, real: Mapping[str, str]) -> str:
    """A column that differs in case alone is nearer than any other: databases tell Score and score apart."""
    same = next(_same_but_for_case(name, real), None)
    return f"Did you mean {same!r}?" if same else did_you_mean(name, real)


def _same_but_for_case(name: str, real: Mapping[str, str]) -> Iterator[str]:
    return (column for column in real if column.lower() == name.lower())
