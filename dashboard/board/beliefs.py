"""The beliefs that metrics declare by their neighbours, and the series on which each is judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from dashboard.analysis.evidence import Belief, Evidence, Sign, Verdict, judge, judge_together
from dashboard.board.desk import Desk
from dashboard.board.sentences import name_of
from dashboard.definitions.derivation import Bridge, Derivation
from dashboard.definitions.expressions import Calculation, Choice, Formula, MeasureRef, MetricRef, TimeShift
from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Catalog, Metric, Side
from dashboard.ledger.coverage import covered
from dashboard.ledger.figures import Status, figure
from dashboard.periods import Grain

CYCLE = {Grain.MONTH: 12, Grain.QUARTER: 4}
Series = tuple[float | None, ...]


@dataclass(frozen=True)
class Pair:
    """A belief as it is declared: `customer` comes first by `lag` quarters, `financial` follows.

    It is `metric` that declares it: the customer metric, or the financial one whose neighbour that is.
    """

    metric: str
    customer: Metric
    financial: Metric
    sign: str
    lag: tuple[int, int] | None


@dataclass(frozen=True)
class Judged:
    """A belief with its verdict among all; `grain` is that of its series."""

    pair: Pair
    grain: Grain
    evidence: Evidence

    @property
    def window(self) -> tuple[int, int]:
        """First and last lag, in periods of the grain."""
        return self.evidence.belief.window

    @property
    def exploratory(self) -> bool:
        """Whether there are enough periods to look at, and too few for a verdict."""
        found = self.evidence.lead_lag
        return self.evidence.verdict is Verdict.INSUFFICIENT and found is not None


def declared(catalog: Catalog) -> tuple[Pair, ...]:
    """Every belief, in the order of the metrics; one that both sides declare alike is one belief.

    Customers (or people) come before money, whichever of the two declares it; where both are of one side, the
    metric that declares it comes first.
    """
    found: dict[tuple[str, str, str, tuple[int, int] | None], Pair] = {}
    for metric in catalog.metrics.values():
        if metric.neighbour is None or metric.neighbour.metric not in catalog.metrics:
            continue
        other, belief = catalog.metrics[metric.neighbour.metric], metric.neighbour
        first, second = metric, other
        if metric.side is Side.FINANCIAL and other.side is not Side.FINANCIAL:
            first, second = other, metric
        pair = Pair(metric.id, first, second, belief.sign, belief.lag)
        found.setdefault((first.id, second.id, belief.sign, belief.lag), pair)
    return tuple(found.values())


def believed(catalog: Catalog) -> tuple[Metric, ...]:
    """The metrics of all beliefs, each once."""
    both = (side for pair in declared(catalog) for side in (pair.customer, pair.financial))
    return tuple({metric.id: metric for metric in both}.values())


def judged(desk: Desk) -> tuple[Judged, ...]:
    """The verdict on every belief, over all that is known up to the end of the view's span, of all customers.

    All are judged together, so that a belief has one verdict wherever it is shown; a page judges them once.
    """
    return desk.once(_judged)


def _judged(desk: Desk) -> tuple[Judged, ...]:
    pairs, series = declared(desk.catalog), _Reading(desk, {})
    asked, refused = [], {}
    for place, pair in enumerate(pairs):
        grain = _grain(desk.catalog, pair)
        why = _refused(desk, pair, grain)
        if why is None and grain is not None:
            asked.append((place, grain, series.both(pair, grain)))
        else:
            belief = _belief(pair, grain or Grain.MONTH)
            told = f"Insufficient: {why}"
            refused[place] = Judged(pair, grain or Grain.MONTH, Evidence(belief, Verdict.INSUFFICIENT, told))
    family = _family(tuple((_belief(pairs[place], grain), *both) for place, grain, both in asked))
    found = {
        place: Judged(pairs[place], grain, evidence)
        for (place, grain, _), evidence in zip(asked, family, strict=True)
    }
    return tuple(found[place] if place in found else refused[place] for place in range(len(pairs)))


@lru_cache(maxsize=16)  # the same numbers are asked for by every page that shows a verdict
def _family(asked: tuple[tuple[Belief, Series, Series], ...]) -> tuple[Evidence, ...]:
    grains = {"month": Grain.MONTH, "quarter": Grain.QUARTER}
    return judge_together(
        [
            judge(belief, customer, financial, cycle=CYCLE[grains[belief.period]])
            for belief, customer, financial in asked
        ]
    )


def _belief(pair: Pair, grain: Grain) -> Belief:
    first, last = pair.lag or (0, 0)
    times = 3 if grain is Grain.MONTH else 1
    return Belief(
        customer=name_of(pair.customer),
        financial=name_of(pair.financial),
        sign=cast(Sign, pair.sign),
        window=(first * times, last * times),
        period="quarter" if grain is Grain.QUARTER else "month",
    )


def _grain(catalog: Catalog, pair: Pair) -> Grain | None:
    """Months, or quarters where one side is known by quarters alone; None where one is known by years."""
    names = {name for side in (pair.customer, pair.financial) for name in datasets_of(catalog, side)}
    covers = {catalog.origin(name).covers or Grain.MONTH for name in names}
    if covers <= {Grain.MONTH}:
        return Grain.MONTH
    return Grain.QUARTER if covers <= {Grain.MONTH, Grain.QUARTER} else None


def _refused(desk: Desk, pair: Pair, grain: Grain | None) -> str | None:
    """Why a belief cannot be judged, whatever its series say."""
    if pair.sign == "none" or pair.lag is None:
        absent = "sign" if pair.sign == "none" else "lag"
        return f"no {absent} is declared, and a belief that allows all of them cannot be tested."
    for side in (pair.customer, pair.financial):
        if covered(desk.catalog, desk.book, side) is None:
            return f"{side.name} has not been measured."
        if rolling(desk.catalog, side.formula):
            return f"{side.name} adds up several months, so that one month tells of the month before it."
    return None if grain is not None else "one side is known by years alone."


def rolling(catalog: Catalog, formula: Formula) -> bool:
    """Whether a figure of one month is made of several months, as a sum over the last twelve is."""
    match formula:
        case TimeShift("trailing" | "to_date"):
            return True
        case TimeShift(_, operand):
            parts: tuple[Formula, ...] = (operand,)
        case Calculation(_, operands):
            parts = operands
        case Choice(branches, otherwise):
            parts = (*(part for branch in branches for part in branch), *((otherwise,) if otherwise else ()))
        case MetricRef(metric):
            parts = (catalog.metric(metric).formula,)
        case MeasureRef(dataset):
            return _over_months(catalog, dataset)
        case _:
            parts = ()
    return any(rolling(catalog, part) for part in parts)


def _over_months(catalog: Catalog, name: str) -> bool:
    """Whether a dataset is a bridge of events over several months: a stock is compared at two moments."""
    origin = catalog.origin(name)
    if not isinstance(origin, Derivation) or not isinstance(origin.rule, Bridge):
        return False
    return origin.rule.over > 1 and catalog.datasets[origin.dataset].event is not None


@dataclass(frozen=True)
class _Reading:
    """Reads each series once, however many beliefs name it."""

    desk: Desk
    known: dict[tuple[str, Grain], Mapping[int, float | None]]

    def both(self, pair: Pair, grain: Grain) -> tuple[Series, Series]:
        """Both series over the same periods; None is missing, open or kept back."""
        customer, financial = self._of(pair.customer, grain), self._of(pair.financial, grain)
        periods = sorted(customer.keys() | financial.keys())
        return tuple(map(customer.get, periods)), tuple(map(financial.get, periods))

    def _of(self, metric: Metric, grain: Grain) -> Mapping[int, float | None]:
        key = metric.id, grain
        if key not in self.known:
            self.known[key] = dict(self._values(metric, grain))
        return self.known[key]

    def _values(self, metric: Metric, grain: Grain) -> Iterator[tuple[int, float | None]]:
        desk = self.desk
        reach = covered(desk.catalog, desk.book, metric)
        if reach is None:
            return
        last = min(reach[1], desk.period.end)
        for period in desk.catalog.board.calendar.between(grain, reach[0], desk.period.last_day):
            if period.end > last:
                break
            found = figure(desk.catalog, desk.book, metric, period)
            place = period.start.year * 12 + period.start.month
            whole = found.status is Status.OK or (found.status is Status.PARTIAL and grain is Grain.MONTH)
            yield place, found.value if whole else None


def counted(found: Sequence[Judged]) -> Mapping[Verdict, int]:
    """How many beliefs have each verdict."""
    return {verdict: sum(each.evidence.verdict is verdict for each in found) for verdict in Verdict}
