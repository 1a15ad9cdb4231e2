"""What a figure says in words, by rule: sentences, labels of signals, the lines under a figure."""

from dashboard.analysis.capability import Capability
from dashboard.analysis.change import Signal
from dashboard.analysis.process_behaviour import Assurance, Mark
from dashboard.board.cautions import care_lines
from dashboard.board.reading import Point, Reading, State, drawn_limits
from dashboard.definitions.model import Better, Board, ChartKind
from dashboard.ledger.figures import Status
from dashboard.periods import month_of
from dashboard.units import format_change, format_count, format_period, format_value

SIGNAL_LABELS = {
    Signal.IMPROVED: "Improved",
    Signal.WORSENED: "Worsened",
    Signal.SHIFTED_UP: "Higher",
    Signal.SHIFTED_DOWN: "Lower",
    Signal.NO_DETECTABLE_CHANGE: "No detectable change",
    Signal.TOO_FEW_POINTS: "Too few points",
    Signal.NOT_MEASURED: "Not measured",
}

_DRAWN = {"plan": "outlined", "forecast": "broken line", "previous_year": "lighter"}
_CLAIMS = (Signal.IMPROVED, Signal.WORSENED, Signal.SHIFTED_UP, Signal.SHIFTED_DOWN)
_OPEN_LABEL = "Period open"

_RULES = {
    Mark.ASTRONOMICAL: "outside the process limits",
    Mark.TREND: "a trend",
    Mark.TWO_IN_THREE: "two of three near a limit",
    Mark.SHIFT: "seven on one side of the mean",
}

_CHARTS = {
    ChartKind.XMR: "Process-behaviour limits of the months shown",
    ChartKind.SEASONAL: "Process-behaviour limits without the yearly pattern of up to three years",
    ChartKind.P: "Limits of a p-chart, by the number counted in each month (widened after Laney)",
    ChartKind.U: "Limits of a u-chart, by the number counted in each month (widened after Laney)",
}

_ASSURANCE = {
    Assurance.CONSISTENTLY_PASSES: "met consistently",
    Assurance.CONSISTENTLY_FAILS: "the process as it runs cannot meet it",
    Assurance.HIT_OR_MISS: "met in some months, by chance",
}


def is_open(reading: Reading) -> bool:
    """Whether its span is not over yet, so that nothing may be claimed of it."""
    return reading.figure.status is Status.OPEN


def signal_label(reading: Reading) -> str:
    """The badge: `Improved`, `No detectable change`, or `Period open` where nothing may be claimed yet."""
    return _OPEN_LABEL if is_open(reading) else SIGNAL_LABELS[reading.signal]


def value_text(reading: Reading, value: float | None) -> str:
    """A figure of this metric, formatted for its board."""
    board = reading.board
    return format_value(value, reading.metric.unit, locale=board.locale, currency=board.currency)


def headline_text(reading: Reading) -> str:
    """The figure itself, or the word for why there is none."""
    if reading.state is State.TOO_SMALL:
        return "Not shown"
    return value_text(reading, reading.figure.value)


def change_text(reading: Reading) -> str | None:
    """The change against the same span a year before, with its sign; None where it cannot be told."""
    if reading.change is None:
        return None
    board = reading.board
    return format_change(reading.change, reading.metric.unit, locale=board.locale, currency=board.currency)


def comparison_text(reading: Reading) -> str:
    """What the change is against: `vs Jul–Sept 2025`."""
    return f"vs {format_period(reading.earlier.period, locale=reading.board.locale)}"


def detail_lines(reading: Reading) -> tuple[str, ...]:
    """The small print under a figure, in order of what a reader asks next; each without a full stop."""
    locale = reading.board.locale
    lines = [comparison_text(reading)] if reading.change is not None else []
    if reading.state is State.TOO_SMALL:
        lines.append(f"protects groups of fewer than {reading.board.minimum_group}")
    if reading.figure.status is Status.OPEN:
        lines.append("period still open: not compared")
    elif not reading.recorded:
        lines.append(f"not measured by {' and '.join(reading.view.slice)}")
    elif reading.figure.status in (Status.PARTIAL, Status.MISSING) and reading.figure.reason:
        lines.append(reading.figure.reason.rstrip("."))
    if reading.interval is not None:
        low, high = (value_text(reading, bound) for bound in (reading.interval.low, reading.interval.high))
        lines.append(f"95% interval {low} to {high}")
    if reading.figure.n is not None and reading.state is State.READY:
        lines.append(f"n\u00a0{format_count(reading.figure.n, locale=locale)}")  # never broken between lines
    lines += care_lines(reading)
    lines.extend(reading.trust)
    lines += _target_lines(reading)
    if reading.signal in _CLAIMS:
        lines.append(signal_reason(reading))
    if reading.chart is not None:
        lines.append(_inside(reading.chart))
    return (*lines, *plan_lines(reading), *mark_lines(reading))


def _target_lines(reading: Reading) -> list[str]:
    """The target, and how often it will be missed, or else whether it has been met so far."""
    lines = []
    if reading.target is not None:
        ahead = reading.capability
        met = reading.assurance is Assurance.CONSISTENTLY_PASSES
        told = _ASSURANCE.get(reading.assurance) if ahead is None or met else _ahead(ahead)
        lines.append(f"target {value_text(reading, reading.target)}" + (f": {told}" if told else ""))
    return lines


def _ahead(capability: Capability) -> str:
    """How often the target will be missed, as the process runs."""
    expected, months = capability.expected, capability.periods
    if expected < 0.5:
        return f"will be met in nearly all of the next {months} months unless the process changes"
    count = "nearly all" if expected > months - 0.5 else f"about {round(expected)}"
    return f"will be missed in {count} of the next {months} months unless the process changes"


def plan_lines(reading: Reading) -> tuple[str, ...]:
    """What is drawn beside the line: `outlined: plan`, so that no reader has to guess."""
    drawn = {name for point in reading.points for name in point.scenarios}
    return tuple(f"{how}: {scenario_label(name)}" for name, how in _DRAWN.items() if name in drawn)


def scenario_label(scenario: str) -> str:
    """`previous_year` as a reader calls it."""
    return scenario.replace("_", " ")


def mark_lines(reading: Reading) -> tuple[str, ...]:
    """What the numbers on a chart stand for: `1 Apr 2026: Prices up by 4 % (price)`."""
    locale = reading.board.locale
    return tuple(
        f"{mark.number} {format_period(month_of(mark.at), locale=locale)}: {mark.text} ({mark.kind.value})"
        for mark in reading.marks
    )


def signal_reason(reading: Reading) -> str:
    """The rule that supports a claimed change: `seven on one side of the mean, up to Sept 2026`."""
    judged = [point for point in reading.points if point.signal and point.figure.value is not None]
    if not judged or judged[-1].signal is None:
        return "a rule of the process-behaviour chart"
    month = format_period(judged[-1].period, locale=reading.board.locale)
    return f"{_RULES.get(judged[-1].signal.mark, 'a signal')}, up to {month}"


def rules_text(board: Board, chart: ChartKind = ChartKind.XMR) -> str:
    """The chart and the rules that decide on signals, as they are printed on every exhibit."""
    counted = {
        "mdc": "two in three, breaches of a limit counted",
        "r": "two in three, breaches of a limit not counted",
    }
    length, least = board.rules.trend_length, board.rules.minimum_points
    rules = f"outside a limit, trend of {length}, {counted[board.rules.two_in_three]}, seven on one side"
    return f"{_CHARTS[chart]}; rules: {rules}; from {least} months on"


def point_text(reading: Reading, point: Point) -> str:
    """What a month is marked as, what was planned for it and what happened in it, for tables and tooltips."""
    planned = [
        f"{scenario_label(name)} {value_text(reading, value)}" for name, value in point.scenarios.items()
    ]
    happened = [
        f"{mark.number} {mark.text}"
        for mark in reading.marks
        if point.period.start <= mark.at < point.period.end
    ]
    return "; ".join((_judgement(reading, point), *planned, *happened))


def _judgement(reading: Reading, point: Point) -> str:
    if point.figure.status is Status.SUPPRESSED:
        return f"not shown: protects groups of fewer than {reading.board.minimum_group}"
    if point.figure.status is Status.OPEN:
        return "open: not judged"
    if point.figure.value is None:
        return "not measured"
    if point.limits is None or point.limits.trial:
        return "too few points to judge"
    if point.signal is None or point.signal.mark is Mark.COMMON:
        return "within limits"
    meaning = point.variation.value.replace("_", " ") if point.variation else "signal"
    return f"{meaning}: {_RULES[point.signal.mark]}"


def direction_text(better: Better) -> str:
    """`higher is better`."""
    return {
        Better.HIGHER: "higher is better",
        Better.LOWER: "lower is better",
        Better.NEUTRAL: "neither direction is better",
        Better.ZERO: "nearest to zero is best",
    }[better]


def text_equivalent(reading: Reading) -> str:
    """The chart in words, for those who hear it instead of seeing it."""
    change = change_text(reading)
    period = format_period(reading.period, locale=reading.board.locale)
    told = f"{reading.metric.name}: {headline_text(reading)} in {period}"
    if change:
        told += f", {change} {comparison_text(reading)}"
    shown = [point for point in reading.points if point.figure.value is not None]
    told += f". {signal_label(reading)}. Line chart of {len(shown)} months"
    last = shown[-1].limits if shown else None
    if last is not None:
        lower, upper = (value_text(reading, limit) for limit in drawn_limits(reading, last))
        told += f", limits {lower} to {upper}"
    if reading.chart is not None:
        told += f". {reading.chart.rstrip('.')}"
    if reading.marks:
        told += f". Marked: {'; '.join(mark_lines(reading))}"
    return told + "."


def _inside(sentence: str) -> str:
    """A sentence as a line of the small print; `XmR` and `p-chart` are left as they are."""
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")
