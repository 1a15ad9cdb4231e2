"""The pictures of the method pages: drawn by the product's own charts, from worked examples and seeds."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from dashboard.analysis.difference_in_differences import Experiment, difference_in_differences
from dashboard.analysis.intervals import Interval
from dashboard.analysis.lead_lag import LeadLag, lead_lag
from dashboard.analysis.nps import nps_interval
from dashboard.analysis.panel import UnitMean
from dashboard.analysis.process_behaviour import Behaviour, process_behaviour, variation_of
from dashboard.analysis.proportions import newcombe, wilson
from dashboard.analysis.rate_charts import RateChart, rate_chart
from dashboard.analysis.seasonal_behaviour import SeasonalBehaviour, seasonal_behaviour
from dashboard.analysis.suppression import linked_lines, suppressed
from dashboard.analysis.survival import Stay, SurvivalCurve, survival_curve
from dashboard.board.drawings import Curve, Dot, DotPlot, Drawing, Dumbbell, Gap, Matrix, MatrixCell
from dashboard.board.panels import PairPanel
from dashboard.board.reading import Reading
from dashboard.charts.correlogram import correlogram
from dashboard.charts.event_study import event_study
from dashboard.charts.forms import drawing_spec
from dashboard.charts.images import svg
from dashboard.charts.survival import survival
from dashboard.charts.theme import LIGHT, vega_config
from dashboard.charts.trend import trend
from dashboard.definitions.model import Board, Rules, Side
from dashboard.ledger.figures import Figure, Status
from dashboard.ledger.store import Ledger
from dashboard.periods import FiscalCalendar
from dashboard.units import Unit, format_count, format_value
from docs import judged_pictures
from docs.value_pictures import concentrated, rolled_forward
from tests.board import company

WIDTH = 520
BOARD = Board("Meridian", "EUR", "en_GB", "Europe/Amsterdam", FiscalCalendar(4), 10, 0.1, (), Rules())
Spec = dict[str, Any]

CAPTIONS: Mapping[str, str] = {
    "process_behaviour": "A score that rose for good: limits, target, and the points that a rule flags",
    "seasonal_behaviour": "A series that peaks each winter: the limits follow it, and one month stands out",
    "rate_charts": "A rate over a number that changes: the fewer there are, the wider the limits",
    "nps": "Scores with their intervals: 100 promoters in 5 are not a certain hundred",
    "proportions": "Shares with Wilson's intervals",
    "concentration": "Few customers bring most of the revenue: each, and together with all larger ones",
    "customer_equity": "What the customers are worth, from opening to closing: every line, and it foots",
    "perception": "What the company believes of itself, and what its customers say",
    "suppression": "One small group in the North: what must be hidden with it",
    "survival": "How many are still here, and how many tell of it",
    "lead_lag": "Every lag of a pair in which the customer metric leads by three months",
    "difference_in_differences": "Before and after an initiative that brought two points",
    "capability": "A figure within its limits, and the target that it will miss more often than not",
    **judged_pictures.CAPTIONS,
}


def pictures() -> dict[str, bytes]:
    """Module name to SVG, for every caption."""
    specs = {**_trends(), **{name: make() for name, make in _MAKERS.items()}}
    specs |= {name: _form(drawing) for name, drawing in judged_pictures.judged(BOARD).items()}
    if set(specs) != set(CAPTIONS):
        raise SystemExit(f"Captions and pictures differ: {sorted(set(specs) ^ set(CAPTIONS))}.")
    return {name: svg(spec) for name, spec in specs.items()}


def _spec(chart: Any) -> Spec:
    return {**chart.to_dict(), "config": vega_config(LIGHT)}


def _trend(reading: Reading) -> Spec:
    return {**trend(reading, LIGHT, width=WIDTH), "config": vega_config(LIGHT)}


def _trends() -> dict[str, Spec]:
    """The three charts of months, all drawn as a page draws a trend."""
    catalog, months = company.catalog(), 36

    def lifted(month: int) -> company.Counts:
        answers, promoters, detractors = company.steady(400, 180, 80)(month)
        return answers, promoters + (60 if month >= months - 8 else 0), detractors

    with tempfile.TemporaryDirectory() as folder, Ledger(f"sqlite:///{folder}/ledger.sqlite") as ledger:
        frames = [
            company.frame("survey", list(company.survey({"Consumer": lifted}, months)), company.TODAY),
            company.frame("finance", list(company.revenue(lambda _: 30e6, months)), company.TODAY),
        ]
        company.record(ledger, catalog, frames)
        panel = company.page(ledger, catalog).panels[0]
    if not isinstance(panel, PairPanel):
        raise SystemExit(f"No pair to draw: {panel}.")
    reading = panel.readings[0]
    return {
        "process_behaviour": _trend(reading),
        "seasonal_behaviour": _trend(_seasonal(reading)),
        "rate_charts": _trend(_rate(reading)),
        "capability": _trend(_with_target(reading)),
    }


def _seasonal(reading: Reading) -> Reading:
    rng = np.random.default_rng(12)
    values = [30 + 9 * np.sin(2 * np.pi * month / 12) + rng.normal(0, 1) for month in range(24)]
    values[20] -= 16
    found = seasonal_behaviour([float(value) for value in values])
    if not isinstance(found, SeasonalBehaviour):
        raise SystemExit(found.reason)
    return _drawn(reading, values, replace(found.behaviour, limits=found.limits_as_seen()))


def _rate(reading: Reading) -> Reading:
    rng = np.random.default_rng(4)
    numbers = rng.integers(60, 600, 24)
    events = rng.binomial(numbers, 0.25)
    events[17] = round(numbers[17] * 0.45)
    found = rate_chart(events.tolist(), numbers.tolist(), kind="p")
    if not isinstance(found, RateChart):
        raise SystemExit(found.reason)
    percent = replace(reading, metric=replace(reading.metric, unit=Unit.PERCENT))
    return _drawn(percent, found.rates, found.behaviour)


def _with_target(reading: Reading) -> Reading:
    values = [float(value) for value in np.random.default_rng(5).normal(30, 2, 24)]
    return _drawn(reading, values, process_behaviour(values), target=32.0)


def _drawn(
    reading: Reading, values: Sequence[float | None], behaviour: Behaviour, *, target: float | None = None
) -> Reading:
    """The reading with other values, limits and signals on its months."""
    points = [
        replace(
            point,
            figure=Figure(point.period, value, 400.0, Status.OK, None),
            signal=signal,
            variation=variation_of(signal, "higher"),
            limits=limits,
            target=target,
        )
        for point, value, signal, limits in zip(
            reading.points[-len(values) :], values, behaviour.signals, behaviour.limits, strict=True
        )
    ]
    return replace(reading, points=tuple(points))


def _text(value: float, unit: Unit) -> str:
    return format_value(value, unit, locale=BOARD.locale, currency=BOARD.currency)


def _form(drawing: Drawing) -> Spec:
    return drawing_spec(drawing, LIGHT, width=WIDTH)


def _dots(rows: Sequence[tuple[str, float, Interval]], unit: Unit) -> Spec:
    dots = tuple(
        Dot(
            label,
            value,
            _text(value, unit),
            found.low,
            found.high,
            format_count(found.n, locale=BOARD.locale),
        )
        for label, value, found in rows
    )
    return _form(DotPlot(dots, None, unit, BOARD, Side.CUSTOMER))


def _interval(found: object) -> Interval:
    if not isinstance(found, Interval):
        raise SystemExit(f"No interval: {found}.")
    return found


def _nps() -> Spec:
    answers = {
        "North": (5, 0, 0),
        "Consumer": (450, 350, 200),
        "Business": (50, 30, 20),
        "Office": (16, 9, 11),
    }
    return _dots(
        [(name, 100 * (n[0] - n[2]) / sum(n), _interval(nps_interval(*n))) for name, n in answers.items()],
        Unit.POINTS,
    )


def _proportions() -> Spec:
    counts = {"Morning": (81, 263), "Noon": (15, 148), "Evening": (1, 29), "Night": (0, 20)}
    return _dots([(name, a / n, _interval(wilson(a, n))) for name, (a, n) in counts.items()], Unit.PERCENT)


def _perception() -> Spec:
    found = newcombe((232, 1056), (201, 329))
    gap = getattr(found, "difference", 0.0)
    pair = (201 / 329, 232 / 1056)
    texts = [_text(each, Unit.PERCENT) for each in pair]
    gaps = (Gap("Knows its customers", pair[0], texts[0], pair[1], texts[1], f"{100 * gap:+.1f} points"),)
    return _form(Dumbbell(gaps, "Company", "Customers", Unit.PERCENT, BOARD))


def _suppression() -> Spec:
    segments, regions = ("Consumer", "Business", "Office"), ("North", "South", "West")
    counts = dict(zip(product(segments, regions), (4, 61, 80, 38, 52, 47, 55, 90, 41), strict=True))
    cells = [
        ((), ()),
        *((("segment",), (each,)) for each in segments),
        *((("region",), (each,)) for each in regions),
        *((("segment", "region"), pair) for pair in counts),
    ]
    numbers = [sum(n for pair, n in counts.items() if set(member) <= set(pair)) for _, member in cells]
    hidden = suppressed(numbers, linked_lines(cells), 10)
    fields = []
    for index, (dimensions, member) in enumerate(cells):
        row = member[0] if "segment" in dimensions else "All"
        column = member[-1] if "region" in dimensions else "All"
        n = None if index in hidden else float(numbers[index])
        fields.append(MatrixCell(row, column, n, "not shown" if n is None else f"{n:.0f}", ""))
    rows, columns = (*segments, "All"), (*regions, "All")
    return _form(Matrix(rows, columns, tuple(fields), "Segment", "Region", Unit.COUNT, BOARD, Side.CUSTOMER))


def _survival() -> Spec:
    curves = []
    for label, customers, yearly in (("Did not complain", 2000, 0.85), ("Complained", 600, 0.6)):
        rng, left, stays = np.random.default_rng(customers), customers, []
        for month in range(1, 31):
            lost, unseen = int(rng.binomial(left, 1 - yearly ** (1 / 12))), left // 40
            stays.append(Stay(until=month, lost=lost, still_here=unseen))
            left -= lost + unseen
        found = survival_curve([*stays, Stay(until=30, lost=0, still_here=left)])
        if isinstance(found, SurvivalCurve):
            curves.append(Curve(label, found))
    return _spec(survival(curves, LIGHT, BOARD, age="Months since joining", width=WIDTH))


def _lead_lag() -> Spec:
    rng = np.random.default_rng(2)
    customer = rng.normal(0, 1, 60)
    financial = np.concatenate([rng.normal(0, 1, 3), customer[:-3]]) * 0.8 + rng.normal(0, 0.8, 60)
    found = lead_lag(customer.tolist(), financial.tolist(), window=(1, 6), shown=(-8, 8))
    if not isinstance(found, LeadLag):
        raise SystemExit(found.reason)
    return _spec(correlogram(found, LIGHT, BOARD, period="months", width=WIDTH))


def _experiment() -> Spec:
    rng = np.random.default_rng(6)
    means = [
        UnitMean(
            f"shop {unit}",
            month,
            50 + unit + 0.2 * month + float(rng.normal(0, 0.5)) + (2.1 if unit < 6 and month >= 8 else 0.0),
        )
        for unit, month in product(range(14), range(16))
    ]
    found = difference_in_differences(means, [f"shop {unit}" for unit in range(6)], 8, selection="random")
    if not isinstance(found, Experiment):
        raise SystemExit(found.reason)
    return _spec(event_study(found, LIGHT, BOARD, unit=Unit.POINTS, period="months", width=WIDTH))


_MAKERS: Mapping[str, Callable[[], Spec]] = {
    "concentration": lambda: _form(concentrated(BOARD)),
    "customer_equity": lambda: _form(rolled_forward(BOARD)),
    "nps": _nps,
    "proportions": _proportions,
    "perception": _perception,
    "suppression": _suppression,
    "survival": _survival,
    "lead_lag": _lead_lag,
    "difference_in_differences": _experiment,
}
