"""The lines of the value of a customer base as metrics: one reading, one mask and one close serve them."""

from collections.abc import Iterator
from dataclasses import replace

from dashboard.board.lines import line_metric
from dashboard.definitions.derivation import (
    EQUITY,
    EQUITY_CUSTOMERS,
    EQUITY_IF,
    EQUITY_LINES,
    Cohort,
    Derivation,
)
from dashboard.definitions.expressions import MeasureRef, TimeShift
from dashboard.definitions.model import Metric
from dashboard.units import Unit

OPENING = "equity_opening"  # the closing value of the period before
NAMES = {
    OPENING: "Opening",
    "equity_acquired_new": "New customers",
    "equity_reactivated": "Customers who came back",
    "equity_lost_expected": "Lost, as expected",
    "equity_lost_variance": "Lost, other than expected",
    "equity_unwind": "Nearer by a period (unwind of the discount)",
    "equity_survival_credit": "Stayed, though some were expected to go",
    "equity_margin_realised": "Margin earned in the period",
    "equity_volume_variance": "Volume other than expected",
    "equity_margin_variance": "Margin other than expected",
    "equity_retention_assumption": "Retention assumed otherwise",
    "equity_discount_rate_change": "Discount rate changed",
    "equity_model_refit": "Model fitted anew",
    EQUITY: "Closing",
    EQUITY_CUSTOMERS: "Customers valued",
    "equity_discount_lower": "Closing, discount rate a point lower",
    "equity_discount_higher": "Closing, discount rate a point higher",
    "equity_retention_lower": "Closing, retention a point a year lower",
    "equity_retention_higher": "Closing, retention a point a year higher",
    "equity_multiple": "Margin multiple, as a cross-check",
}
STATEMENT = (OPENING, *EQUITY_LINES, EQUITY)


def is_valued(derivation: Derivation) -> bool:
    """Whether the customers of a cohort derivation are valued."""
    return isinstance(derivation.rule, Cohort) and derivation.rule.margin_per is not None


def equity_metrics(derivation: Derivation) -> Iterator[Metric]:
    """Each line as a metric; its n is how many customers are valued at the end."""
    for name in (*STATEMENT, EQUITY_CUSTOMERS, *EQUITY_IF):
        yield equity_metric(derivation, name)


def equity_metric(derivation: Derivation, name: str) -> Metric:
    """One line; that of the opening is the value as it stood when the span began."""
    customers = MeasureRef(derivation.name, EQUITY_CUSTOMERS)
    measure = EQUITY if name == OPENING else name
    found = line_metric(derivation, measure)
    value = MeasureRef(derivation.name, measure)
    opening = name == OPENING
    return replace(
        found,
        id=f"{derivation.name}.{name}",
        name=NAMES[name],
        formula=TimeShift("opening", value) if opening else value,
        formula_text=f"opening({value.key})" if opening else value.key,
        unit=Unit.COUNT if name == EQUITY_CUSTOMERS else Unit.CURRENCY,
        base=customers,
        base_text=customers.key,
        source="Value of the margin to come by a shifted-beta-geometric model of retention",
        pitfalls="It rests on a model and a discount rate; the lines below the closing show how much.",
    )
