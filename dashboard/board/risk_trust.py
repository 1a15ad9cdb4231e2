"""Whether chances that were told a year ago were right: what has become of those who were there then."""

from collections.abc import Iterator, Mapping

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.revenue_at_risk import Calibration, RiskOutcome, calibration, chances_of_loss
from dashboard.board.lines import line_metric
from dashboard.board.view import View
from dashboard.definitions.derivation import OF_RISK, Bridge, Derivation, Risk
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog, Metric, Slice
from dashboard.ledger.book import Book, Member
from dashboard.ledger.figures import Status, figure, group_size
from dashboard.periods import Period

WATCHED, LOST = "opening", "lost"  # the lines that tell of those who were there a year ago


def risks_of(catalog: Catalog, metric: Metric) -> tuple[Derivation, ...]:
    """The bridges whose risk a metric tells."""
    bridges = [each for each in catalog.derivations.values() if _risk(each) is not None]
    used = measures_of(catalog, metric) if bridges else {}
    return tuple(each for each in bridges if any(f"{each.name}.{name}" in used for name in OF_RISK))


def calibration_metrics(catalog: Catalog, metric: Metric) -> Iterator[Metric]:
    """The lines that a calibration is made of."""
    for derivation in risks_of(catalog, metric):
        for line in (WATCHED, LOST):
            yield line_metric(derivation, line)


def calibration_slices(catalog: Catalog, metric: Metric) -> Iterator[Slice]:
    """The slices by which those lines are wanted."""
    yield from (_by(derivation) for derivation in risks_of(catalog, metric))


def calibration_lines(
    catalog: Catalog, book: Book, metric: Metric, period: Period, view: View
) -> tuple[str, ...]:
    """What became of the chances told a year before a period's end; empty of a figure that tells no risk.

    Of a group that has chances of its own they are that group's, else those of all. The book must hold the
    lines of `calibration_metrics` by `calibration_slices`.
    """
    return tuple(_line(catalog, book, derivation, period, view) for derivation in risks_of(catalog, metric))


def _line(catalog: Catalog, book: Book, derivation: Derivation, period: Period, view: View) -> str:
    """In one sentence: sums over all groups alone, so that none which is too small can be told from them."""
    by, now = _by(derivation), period.last_month
    groups = [view.member] if by and view.slice == by else [*book.members(by)] if by else [()]
    then = _counts(catalog, book, derivation, now.shifted(-12), by)
    since = _counts(catalog, book, derivation, now, by)
    chances = chances_of_loss(then)
    found: Calibration | Insufficient = Insufficient("The group is kept back.")
    if not (view.slice == by and _kept_back(catalog, book, derivation, now, view)):
        named = [name for name in map(_name, groups) if name in chances]
        found = calibration(
            [RiskOutcome(name, since[name][0], chances[name], since[name][1]) for name in named]
        )
    if isinstance(found, Insufficient):
        return "a year ago too little was told to judge the chances by"
    return f"{found.words[0].lower()}{found.words[1:].removesuffix('.')}, in the year after they were told"


def _counts(
    catalog: Catalog, book: Book, derivation: Derivation, month: Period, by: Slice
) -> Mapping[str, tuple[int, int]]:
    """Of each group how many were there a year before the month, and how many of those are lost."""
    lines = [line_metric(derivation, line) for line in (WATCHED, LOST)]
    found = {}
    for member in book.members(by) if by else [()]:
        watched, lost = (round(group_size(catalog, book, line, month, by, member) or 0) for line in lines)
        found[_name(member)] = watched, lost
    return found


def _kept_back(catalog: Catalog, book: Book, derivation: Derivation, month: Period, view: View) -> bool:
    seen = figure(catalog, book, line_metric(derivation, WATCHED), month, view.slice, view.member)
    return seen.status is Status.SUPPRESSED


def _name(member: Member) -> str:
    return " ".join(member) or "all"


def _by(derivation: Derivation) -> Slice:
    risk = _risk(derivation)
    return (risk.by,) if risk is not None and risk.by is not None else ()


def _risk(derivation: Derivation) -> Risk | None:
    return derivation.rule.risk if isinstance(derivation.rule, Bridge) else None
