"""The level to reach: values from dates on, a measure of a dataset of targets, or why there is none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dashboard.definitions.expressions import MeasureRef
from dashboard.definitions.formulas import parse_formula
from dashboard.definitions.parsing import ExpressionError
from dashboard.definitions.references import Known
from dashboard.definitions.values import describe
from yamlfiles.problems import Problem
from yamlfiles.reading import Document, Location

_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?\Z")
_FORMS = "Write {2026-04: 40}, a dataset.measure, or {none: reason}."


@dataclass(frozen=True)
class Target:
    """At most one of the three is filled."""

    values: tuple[tuple[date, float], ...] = ()
    measure: str | None = None
    none: str | None = None


def read_target(
    value: object, document: Document, location: Location, known: Known, problems: list[Problem]
) -> Target:
    """The target of a metric; what is wrong with it goes into `problems`."""
    if value is None:
        return Target()
    if isinstance(value, str):
        return _measured(value, document, location, known, problems)
    if not isinstance(value, Mapping) or not value:
        problems.append(
            document.problem(location, f"The target is {describe(value)}. {_FORMS}", of_key=False)
        )
        return Target()
    if "none" in value:
        if len(value) == 1 and isinstance(value["none"], str) and value["none"].strip():
            return Target(none=value["none"].strip())
        problems.append(
            document.problem((*location, "none"), "Write the reason alone: target: {none: reason}.")
        )
        return Target()
    return Target(values=_dated(value, document, location, problems))


def _dated(
    value: Mapping[object, object], document: Document, location: Location, problems: list[Problem]
) -> tuple[tuple[date, float], ...]:
    found: dict[date, float] = {}
    for key, number in value.items():
        place: Location = (*location, key if isinstance(key, int | str) else str(key))
        day = _day(key)
        if day is None:
            problems.append(
                document.problem(
                    place, f"{str(key)!r} is no month. Write the first month it holds for: 2026-04."
                )
            )
        elif (
            isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < float("inf")
        ):
            problems.append(
                document.problem(
                    place, f"The target is {describe(number)}. Write a finite number.", of_key=False
                )
            )
        elif day in found:
            problems.append(document.problem(place, f"{day:%Y-%m-%d} has two targets. Keep one of them."))
        else:
            found[day] = float(number)
    return tuple(sorted(found.items()))


def _day(key: object) -> date | None:
    """YAML reads 2026-04-01 as a date and 2026-04 as text; both name a day."""
    if isinstance(key, date) and not isinstance(key, datetime):
        return key
    found = _MONTH.match(key) if isinstance(key, str) else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def _measured(
    text: str, document: Document, location: Location, known: Known, problems: list[Problem]
) -> Target:
    try:
        formula = parse_formula(text)
    except ExpressionError:
        formula = None
    if not isinstance(formula, MeasureRef):
        problems.append(document.problem(location, f"{text!r} is no target. {_FORMS}", of_key=False))
        return Target()
    if wrong := known.wrong_with(formula):
        problems.append(document.problem(location, wrong, of_key=False))
    return Target(measure=formula.key)
