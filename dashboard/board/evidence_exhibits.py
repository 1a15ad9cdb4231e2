"""The register of beliefs: which customer metrics come before which financial ones, by the data."""

from collections.abc import Sequence

from dashboard.analysis.evidence import Verdict
from dashboard.analysis.lead_lag import LagCorrelation
from dashboard.board.beliefs import Judged, believed, counted, judged
from dashboard.board.desk import Desk
from dashboard.board.drawings import BeliefRow, Correlogram, Register
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sentences import listed
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.definitions.model import Metric, PanelKind
from dashboard.units import MINUS, MISSING, Unit

SIGNS = {"plus": "rise together", "minus": "move against each other", "none": "no sign declared"}
VERDICTS = {
    Verdict.SUPPORTED: "supported",
    Verdict.NOT_DETECTED: "not detected",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.INSUFFICIENT: "insufficient",
}
DATA_SAY = {
    Verdict.SUPPORTED: "support",
    Verdict.NOT_DETECTED: "show no sign of",
    Verdict.CONTRADICTED: "contradict",
    Verdict.INSUFFICIENT: "cannot judge",
}
EXPLORATORY = "exploratory"
MOST_DRAWN = 16
SMALL_PRINT = (
    "of all customers, every month known up to the end of the span",
    "r: correlation after yearly patterns, trends and the customer metric's own past are taken out",
    "corrected for all lags of all beliefs (Benjamini–Hochberg); an association, not a cause",
)


def register(desk: Desk, key: str) -> ExhibitPanel | LockedPanel:
    """Every declared belief with its verdict, the best supported first."""
    found = sorted(judged(desk), key=_order)
    title = "The beliefs behind the measures"
    everything = believed(desk.catalog)
    if everything and all(desk.locked(key, title, [metric]) for metric in everything):
        return desk.locked(key, title, everything) or LockedPanel(key, title, ())
    sentence = _sentence(found)
    drawn = [each for each in found if each.evidence.lead_lag is not None][:MOST_DRAWN]
    listed = (f"{len(found) - len(drawn)} more are in the table",) if len(found) > len(drawn) else ()
    return ExhibitPanel(
        key=key,
        kind=PanelKind.EVIDENCE,
        sentence=sentence,
        drawing=Register(tuple(_row(each) for each in drawn), desk.catalog.board) if drawn else None,
        sheet=_register_sheet(desk, found),
        text=f"{sentence} {' '.join(each.evidence.sentence for each in found)}",
        small_print=(*listed, *SMALL_PRINT) if drawn else (),
        about=(),
        notices=() if drawn else ("No belief has two series that are long enough to be compared.",),
    )


def evidence(desk: Desk, key: str, metric: Metric) -> ExhibitPanel | LockedPanel:
    """The belief that one metric declares: every lag, and the verdict that it has in the register."""
    found = next(
        each
        for each in judged(desk)
        if metric.neighbour is not None
        and {each.pair.customer.id, each.pair.financial.id} == {metric.id, metric.neighbour.metric}
        and (each.pair.sign, each.pair.lag) == (metric.neighbour.sign, metric.neighbour.lag)
    )
    sides = (found.pair.customer, found.pair.financial)
    if locked := desk.locked(key, f"{sides[0].name} and {sides[1].name}", sides):
        return locked
    lags, told = found.evidence.lead_lag, found.evidence.forecast_sentence
    return ExhibitPanel(
        key=key,
        kind=PanelKind.EVIDENCE,
        sentence=found.evidence.sentence,
        drawing=None if lags is None else Correlogram(lags, found.evidence.belief.period, desk.catalog.board),
        sheet=_lags_sheet(lags.correlations if lags else (), found.evidence.belief.period),
        text=f"{found.evidence.sentence} Correlations at every lag, those of the declared window filled.",
        small_print=(_expected(found), *((told,) if told else ()), *SMALL_PRINT) if lags else (),
        about=desk.about(sides),
        notices=() if lags else (_expected(found),),
    )


def verdict_word(found: Judged) -> str:
    """`supported`, `not detected`, `contradicted`, `insufficient` or `exploratory`."""
    return EXPLORATORY if found.exploratory else VERDICTS[found.evidence.verdict]


def _order(found: Judged) -> tuple[int, float, str]:
    lags = found.evidence.lead_lag
    rank = list(VERDICTS).index(found.evidence.verdict) * 2 - found.exploratory
    return rank, lags.strongest.p if lags else 2.0, found.pair.customer.name


def _sentence(found: Sequence[Judged]) -> str:
    if not found:
        return "No metric declares what it should move."
    counts = counted(found)
    if len(found) == 1:
        return f"The one declared belief is {verdict_word(found[0])}."
    told = [f"{say} {counts[verdict]}" for verdict, say in DATA_SAY.items() if counts[verdict]]
    return f"Of {len(found)} declared beliefs, the data {listed(told)}."


def _row(found: Judged) -> BeliefRow:
    lags = found.evidence.lead_lag
    strongest = lags.strongest if lags else None
    word = verdict_word(found)
    period = found.evidence.belief.period
    told = "" if strongest is None else f"{_r(strongest.r)} at {_lag(strongest.lag, period)}"
    return BeliefRow(
        label=f"{word.capitalize()}: {found.pair.customer.name} → {found.pair.financial.name}",
        expected=_expected(found),
        r=strongest.r if strongest else None,
        band=strongest.band if strongest else None,
        r_text=_r(strongest.r) if strongest else "",
        text=told or word,
        counts=found.evidence.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED),
    )


def _expected(found: Judged) -> str:
    """`expected: rise together, 2–4 quarters later`."""
    sign = SIGNS[found.pair.sign]
    if found.pair.lag is None:
        return f"expected: {sign}, no lag declared"
    first, last = found.pair.lag
    when = f"{first}" if first == last else f"{first}–{last}"
    return f"expected: {sign}, {when} quarter{'' if (first, last) == (1, 1) else 's'} later"


def _register_sheet(desk: Desk, found: Sequence[Judged]) -> Sheet:
    columns = (
        Column("Customer metric"),
        Column("Financial metric"),
        Column("Expected"),
        Column("Lags tested"),
        Column("n", Unit.COUNT),
        Column("r", Unit.RATIO),
        Column("At lag"),
        Column("Band", Unit.RATIO),
        Column("p, adjusted for all", Unit.RATIO, probability=True),
        Column("Verdict"),
        Column("Gain out of sample", Unit.PERCENT),
        Column("In words"),
    )
    return Sheet(columns, tuple(_register_row(desk, each) for each in found))


def _register_row(desk: Desk, found: Judged) -> tuple[Field, ...]:
    told, lags = found.evidence, found.evidence.lead_lag
    strongest = lags.strongest if lags else None
    first, last = found.window
    gain = told.forecast.gain if told.forecast else None
    p = told.p_family
    return (
        Field(found.pair.customer.name),
        Field(found.pair.financial.name),
        Field(_expected(found).removeprefix("expected: ")),
        Field(MISSING if found.pair.lag is None else f"{first} to {last} {told.belief.period}s"),
        Field(desk.count(lags.n if lags else None), float(lags.n) if lags else None),
        Field(_r(strongest.r) if strongest else MISSING, strongest.r if strongest else None),
        Field(_lag(strongest.lag, told.belief.period) if strongest else MISSING),
        Field(f"±{strongest.band:.2f}" if strongest else MISSING, strongest.band if strongest else None),
        Field(MISSING if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}", p),
        Field(verdict_word(found)),
        Field(desk.text(gain, Unit.PERCENT), gain),
        Field(told.sentence),
    )


def _lags_sheet(correlations: Sequence[LagCorrelation], period: str) -> Sheet:
    """Raw, differenced and prewhitened side by side: the raw one is there to warn."""
    columns = (
        Column(f"Lag in {period}s", Unit.COUNT),
        Column("r", Unit.RATIO),
        Column("Band", Unit.RATIO),
        Column("Tested"),
        Column("r before the filter", Unit.RATIO),
        Column("r of the figures as they are (never judged)", Unit.RATIO),
    )
    rows = tuple(
        (
            Field(_signed(each.lag), float(each.lag)),
            Field(_r(each.r), each.r),
            Field(f"±{each.band:.2f}", each.band),
            Field("yes" if each.tested else "no"),
            Field(_r(each.differenced), each.differenced),
            Field(_r(each.raw), each.raw),
        )
        for each in correlations
    )
    return Sheet(columns, rows)


def _r(value: float) -> str:
    return f"{value:.2f}".replace("-", MINUS)


def _signed(lag: int) -> str:
    return "0" if not lag else f"{lag:+d}".replace("-", MINUS)


def _lag(lag: int, period: str) -> str:
    return f"{_signed(lag)} {period}{'' if abs(lag) == 1 else 's'}"
