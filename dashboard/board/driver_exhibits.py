"""How much each driver goes with an outcome: shares of its variation with intervals, and how each scores."""

from collections.abc import Sequence

from dashboard.analysis.driver_importance import CrossProducts, Driver, Importance, driver_importance
from dashboard.analysis.intervals import Insufficient
from dashboard.board.desk import Desk
from dashboard.board.drawings import Dot, DotPlot
from dashboard.board.drivers import answers_metric, cross_products, drivers_of, group_of, group_text, spoken
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sentences import listed
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.definitions.model import Dataset, PanelKind
from dashboard.units import Unit

SEED = 1980  # intervals are drawn: the same figures give the same ones
BY_CHANCE = 3.84  # the gain in R² of a driver that has none, times n, passes this once in twenty
SMALL_PRINT = (
    "each share: the gain in R² when the driver is added, over all orders (LMG); lines: 95% intervals",
    "an association, not a cause",
)
_HEADS = (
    Column("Driver"),
    Column("Share of the variation", Unit.PERCENT),
    Column("95% from", Unit.PERCENT),
    Column("95% to", Unit.PERCENT),
    Column("Mean score", Unit.RATIO),
    Column("Correlation", Unit.RATIO),
    Column("Slope beside the others", Unit.RATIO),
    Column("VIF", Unit.RATIO),
    Column("Reading"),
)


def drivers_title(dataset: Dataset) -> str:
    """`What goes with would recommend`."""
    return answers_metric(dataset).name


def drivers(desk: Desk, key: str, dataset: Dataset) -> ExhibitPanel | LockedPanel:
    """The drivers in order of their share; the sentence names the largest, and the weakest that matters."""
    known = answers_metric(dataset)
    if locked := desk.locked(key, known.name, [known]):
        return locked
    data = cross_products(desk, dataset)
    found = Insufficient("There are too few answers.") if data is None else driver_importance(data, seed=SEED)
    whom = group_text(group_of(desk, dataset)[1])
    if data is None or isinstance(found, Insufficient):
        why = found.reason if isinstance(found, Insufficient) else ""
        sentence = f"{known.name} cannot be told for this period."
        return ExhibitPanel(
            key=key,
            kind=PanelKind.DRIVERS,
            sentence=sentence,
            drawing=None,
            sheet=Sheet(_HEADS, ()),
            text=sentence,
            small_print=(whom,),
            about=desk.about([known]),
            notices=(why,),
        )
    ordered = sorted(found.drivers, key=lambda each: (-each.share, each.name))
    means = _means(data)
    sentence = _sentence(desk, spoken(drivers_of(dataset).outcome), found, ordered, means)
    dots = tuple(_dot(desk, each, means[each.name]) for each in ordered)
    explained = desk.text(found.r_squared, Unit.PERCENT)
    told = f"together {explained} of the variation (R²) of {desk.count(data.n)} answers {whom}"
    return ExhibitPanel(
        key=key,
        kind=PanelKind.DRIVERS,
        sentence=sentence,
        drawing=DotPlot(dots, None, Unit.PERCENT, desk.catalog.board, known.side),
        sheet=Sheet(_HEADS, tuple(_row(desk, each, found.n, means[each.name]) for each in ordered)),
        text=f"{sentence} Dot plot of {len(dots)} drivers with their intervals.",
        small_print=(told, *SMALL_PRINT, *found.warnings),
        about=desk.about([known]),
        notices=(),
    )


def _means(data: CrossProducts) -> dict[str, float]:
    return {name: total / data.n for name, total in zip(data.names, data.sums[1:], strict=True)}


def _goes_with(driver: Driver, n: int) -> bool:
    """Whether so large a share is rare for a driver that has nothing to do with the outcome."""
    return driver.share * n > BY_CHANCE


def _sentence(
    desk: Desk, outcome: str, found: Importance, ordered: Sequence[Driver], means: dict[str, float]
) -> str:
    counting = [each for each in ordered if _goes_with(each, found.n)]
    if not counting:
        return f"None of {len(ordered)} drivers goes with “{outcome}” by more than chance explains."
    first = counting[0]
    told = (
        f"“{first.name}” goes most with “{outcome}”: {desk.text(first.share, Unit.PERCENT)} of its variation"
    )
    weakest = min(counting, key=lambda each: (means[each.name], each.name))
    if weakest is not first and len(counting) > 1:
        told += f"; of those that go with it, “{weakest.name}” scores lowest"
    elif len(counting) > 1:
        told += ", and it scores lowest of those that go with it"
    chance = [f"“{each.name}”" for each in ordered if each not in counting]
    return f"{told}; {listed(chance)} cannot be told from chance." if chance else f"{told}."


def _dot(desk: Desk, driver: Driver, mean: float) -> Dot:
    share = desk.text(driver.share, Unit.PERCENT)
    text = f"{share} · scores {desk.text(mean, Unit.RATIO)}"
    return Dot(driver.name, driver.share, text, driver.low, driver.high, "")


def _row(desk: Desk, driver: Driver, n: int, mean: float) -> tuple[Field, ...]:
    shares = (driver.share, driver.low, driver.high)
    plain = (mean, driver.correlation, driver.slope, driver.vif)
    return (
        Field(driver.name),
        *(Field(desk.text(value, Unit.PERCENT), value) for value in shares),
        *(Field(desk.text(value, Unit.RATIO), value) for value in plain),
        Field("goes with it" if _goes_with(driver, n) else "not told from chance"),
    )
