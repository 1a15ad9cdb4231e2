"""The level to reach: values from dates on, of all or of members, a measure, or why there is none."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from dashboard.definitions.expressions import MeasureRef
from dashboard.definitions.formulas import parse_formula
from dashboard.definitions.origins import Slice
from dashboard.definitions.parsing import ExpressionError
from dashboard.definitions.references import Known
from dashboard.definitions.values import NAME, describe
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document, Location

_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?\Z")
_FORMS = "Write {2026-04: 40}, a dataset.measure, or {none: reason}."
_STANDS = "in_force"
Dated = tuple[tuple[date, float], ...]  # valid from, ascending


@dataclass(frozen=True)
class Target:
    """Values from days on, of all and of single members; or a measure; or the reason why there is none.

    `stands`: a measured target holds until the next one, and not for its own period alone.
    """

    values: Dated = ()
    members: Mapping[tuple[Slice, tuple[str, ...]], Dated] = field(
        default_factory=lambda: MappingProxyType({})
    )
    measure: str | None = None
    stands: bool = False
    none: str | None = None


def read_target(
    value: object,
    document: Document,
    location: Location,
    known: Known,
    problems: list[Problem],
    *,
    slices: Collection[str] = (),
) -> Target:
    """The target of a metric; what is wrong with it goes into `problems`.

    `slices` are the dimensions by which all of the metric is recorded, for targets by member.
    """
    target = Target()
    if isinstance(value, str):
        target = _measured(value, document, location, known, problems)
    elif isinstance(value, Mapping) and "none" in value:
        target = _absent(value, document, location, problems)
    elif isinstance(value, Mapping) and _STANDS in value:
        target = _standing(value, document, location, known, problems)
    elif isinstance(value, Mapping) and value:
        target = _written(value, document, location, slices, problems)
    elif value is not None:
        told = f"The target is {describe(value)}. {_FORMS}"
        problems.append(document.problem(location, told, of_key=False))
    return target


def _absent(
    value: Mapping[object, object], document: Document, location: Location, problems: list[Problem]
) -> Target:
    reason = value["none"]
    if len(value) == 1 and isinstance(reason, str) and reason.strip():
        return Target(none=reason.strip())
    problems.append(
        document.problem(
            (*location, "none"),
            'Write the reason alone, in quotes if it holds a comma: target: {none: "reason"}.',
        )
    )
    return Target()


def _written(
    value: Mapping[object, object],
    document: Document,
    location: Location,
    slices: Collection[str],
    problems: list[Problem],
) -> Target:
    """`{2026-04: 40, segment: {Business: {2026-04: 45}}}`: of all, and of single members."""
    dated = {key: number for key, number in value.items() if not _is_name(key)}
    members: dict[tuple[Slice, tuple[str, ...]], Dated] = {}
    for name in filter(_is_name, value):
        by = str(name)
        if by not in slices:
            hint = did_you_mean(by, slices) if slices else "Add it to the slices of its datasets."
            told = f"All of the metric is not recorded by {by!r}, so no target can be met by it. {hint}"
            problems.append(document.problem((*location, by), told))
        elif isinstance(given := value[name], Mapping) and given:
            for member, numbers in given.items():
                place = (*location, by, member)
                members[(by,), (str(member),)] = _of_member(numbers, document, place, problems)
        else:
            told = f"The target by {by} is {describe(given)}. Write {{Business: {{2026-04: 45}}}}."
            problems.append(document.problem((*location, by), told, of_key=False))
    return Target(_dated(dated, document, location, problems), MappingProxyType(members))


def _is_name(key: object) -> bool:
    return isinstance(key, str) and NAME.match(key) is not None


def _of_member(numbers: object, document: Document, place: Location, problems: list[Problem]) -> Dated:
    if isinstance(numbers, Mapping) and numbers:
        return _dated(numbers, document, place, problems)
    told = f"The target is {describe(numbers)}. Write the months it holds from: {{2026-04: 45}}."
    problems.append(document.problem(place, told, of_key=False))
    return ()


def _standing(
    value: Mapping[object, object],
    document: Document,
    location: Location,
    known: Known,
    problems: list[Problem],
) -> Target:
    """`{in_force: targets.level}`: each value of the measure holds until the next one."""
    given, inside = value[_STANDS], (*location, _STANDS)
    if len(value) > 1 or not isinstance(given, str):
        told = "Write the measure alone: target: {in_force: dataset.measure}."
        problems.append(document.problem(inside, told))
        return Target()
    return replace(_measured(given, document, inside, known, problems), stands=True)


def _dated(
    value: Mapping[object, object], document: Document, location: Location, problems: list[Problem]
) -> tuple[tuple[date, float], ...]:
    found: dict[date, float] = {}
    for key, number in value.items():
        place: Location = (*location, key if isinstance(key, int | str) else str(key))
        day = first_day(key)
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


def first_day(key: object) -> date | None:
    """The day that `2026-04-15` or the month that `2026-04` begins with; None for anything else.

    YAML reads 2026-04-01 as a date and 2026-04 as text; both name a day.
    """
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
