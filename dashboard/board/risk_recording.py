"""What is at risk of next year's revenue is worked out when its bridge is measured, and recorded with it.

So a closed quarter keeps the figure that was shown. The chance of a group is the share of those who were
there a year ago and are lost now; it is taken for those who are there now, and held against what becomes of
them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.revenue_at_risk import RiskBand, chances_of_loss, revenue_at_risk
from dashboard.definitions.derivation import OF_RISK, Bridge, Derivation, Risk
from dashboard.definitions.model import Slice
from dashboard.measures.frame import Cell, MeasureFrame, recorded
from dashboard.periods import Period

LINES = ("closing", "closing_count", "opening_count", "lost_count")
Member = tuple[str, ...]
Lines = dict[str, float]  # a line of the bridge -> its value
Groups = Mapping[Slice, Mapping[Member, Lines]]


def with_risk(derivation: Derivation, frame: MeasureFrame) -> MeasureFrame:
    """The frame of a bridge with what is at risk in every period, where that is asked for.

    It is told of the whole, and of every slice whose members are recorded by those that have chances of
    their own.
    """
    rule = derivation.rule
    if not isinstance(rule, Bridge) or rule.risk is None:
        return frame
    by = () if rule.risk.by is None else (rule.risk.by,)
    cells: list[Cell] = []
    for period, groups in _by_period(derivation, frame).items():
        if by not in groups:
            continue
        watched = {
            member[0] if member else "": (round(lines["opening_count"]), round(lines["lost_count"]))
            for member, lines in groups[by].items()
        }
        chances = chances_of_loss(watched)
        if chances:
            cells += _cells(derivation, rule.risk, period, groups, chances)
    return replace(frame, cells=(*frame.cells, *cells))


def _by_period(derivation: Derivation, frame: MeasureFrame) -> Mapping[Period, Groups]:
    """The lines by period, slice and member."""
    names = {f"{derivation.name}.{line}": line for line in LINES}
    found: dict[Period, dict[Slice, dict[Member, Lines]]] = defaultdict(lambda: defaultdict(dict))
    for cell in frame.cells:
        if cell.measure in names:
            lines = found[cell.period][cell.slice].setdefault(cell.member, dict.fromkeys(LINES, 0.0))
            lines[names[cell.measure]] = cell.value or 0.0
    return found


def _cells(
    derivation: Derivation, risk: Risk, period: Period, groups: Groups, chances: Mapping[str, float]
) -> Iterator[Cell]:
    told: dict[tuple[Slice, Member], list[RiskBand]] = defaultdict(list)
    for cut, members in groups.items():
        if risk.by is not None and risk.by not in cut:
            continue
        for member, lines in members.items():
            band = member[cut.index(risk.by)] if risk.by is not None else ""
            one = RiskBand(band, round(lines["closing_count"]), lines["closing"] * risk.a_year, chances[band])
            for place in _places(cut, member, risk.by):
                if place[0] in derivation.slices:
                    told[place].append(one)
    for place, bands in told.items():
        found = revenue_at_risk(bands)
        values: tuple[float | None, float | None] = (None, None)
        if not isinstance(found, Insufficient):
            values = recorded(found.at_risk), recorded(found.customers_lost)
        for name, value in zip(OF_RISK, values, strict=True):
            n = sum(band.customers for band in bands)
            yield Cell(f"{derivation.name}.{name}", period, *place, value, n)


def _places(cut: Slice, member: Member, by: str | None) -> Iterator[tuple[Slice, Member]]:
    """The figures that a band is a part of: its own, and that of the members it is counted in besides."""
    yield cut, member
    if by is None:
        return
    place = cut.index(by)
    yield (*cut[:place], *cut[place + 1 :]), (*member[:place], *member[place + 1 :])
