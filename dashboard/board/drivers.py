"""The sums behind a dataset's drivers as metrics that nobody configures, so that one mask serves them too."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement

from dashboard.analysis.driver_importance import CrossProducts
from dashboard.board.desk import Desk
from dashboard.board.view import member_text
from dashboard.definitions.drivers import ANSWERS, product_name, sum_name
from dashboard.definitions.expressions import MeasureRef
from dashboard.definitions.model import Better, Dataset, Drivers, IntervalKind, Metric, Side, Slice
from dashboard.units import Unit


def drivers_of(dataset: Dataset) -> Drivers:
    """The drivers of a dataset that loading has found to have some."""
    if dataset.drivers is None:
        raise TypeError(f"{dataset.name} has no drivers.")
    return dataset.drivers


def spoken(column: str) -> str:
    """A column as a reader sees it: `Would recommend`."""
    return column.replace("_", " ").capitalize()


def answers_metric(dataset: Dataset) -> Metric:
    """How many rows have the outcome and every driver: what the exhibit is about, and its n."""
    drivers = drivers_of(dataset)
    measure, outcome = dataset.measures[ANSWERS], spoken(drivers.outcome).lower()
    answers = MeasureRef(dataset.name, ANSWERS)
    return Metric(
        id=measure.key,
        name=f"What goes with {outcome}",
        question=f"Which of these go with {outcome}, and how much of it does each account for?",
        why="Work goes first where it is most likely to be felt.",
        formula=answers,
        formula_text=f"complete answers on {outcome} and {', '.join(map(spoken, drivers.among)).lower()}",
        unit=Unit.COUNT,
        better=Better.NEUTRAL,
        side=Side.CUSTOMER,
        interval=IntervalKind.NONE,
        interval_parts=(),
        base=answers,
        base_text=measure.key,
        owner="",
        action=None,
        targets=(),
        target_measure=None,
        neighbour=None,
        no_neighbour="It is an analysis of answers.",
        source="Lindeman, Merenda & Gold (1980)",
        pitfalls="An association: to raise a score need not move the outcome.",
        version=measure.version,
        file=dataset.file,
    )


def driver_metrics(dataset: Dataset) -> Iterator[Metric]:
    """n, the sums and the sums of products of a dataset's drivers, in the order of CrossProducts."""
    answers = answers_metric(dataset)
    yield answers
    count = len(drivers_of(dataset).variables)
    names = [sum_name(place) for place in range(count)]
    names += [product_name(*pair) for pair in combinations_with_replacement(range(count), 2)]
    for name in names:
        measure = dataset.measures[name]
        yield replace(
            answers, id=measure.key, formula=MeasureRef(dataset.name, name), version=measure.version
        )


def group_of(desk: Desk, dataset: Dataset) -> tuple[Slice, tuple[str, ...]]:
    """The group that the page is of, where the dataset is recorded by it; else everything."""
    view = desk.view
    return (view.slice, view.member) if view.slice in dataset.slices else ((), ())


def group_text(member: tuple[str, ...]) -> str:
    """`of Consumer`, or of everything."""
    return f"of {' · '.join(map(member_text, member))}" if member else "of all customers"


def cross_products(desk: Desk, dataset: Dataset) -> CrossProducts | None:
    """What the ledger knows for the page's span and group; None where there is none, or it is kept back."""
    cut, member = group_of(desk, dataset)
    figures = [desk.of(metric, cut, member).figure.value for metric in driver_metrics(dataset)]
    known = [value for value in figures if value is not None]
    if len(known) < len(figures) or not known[0]:
        return None
    among, n = drivers_of(dataset).among, int(known[0])
    size = len(among) + 1
    sums, products = known[1 : size + 1], iter(known[size + 1 :])
    table = [[0.0] * size for _ in range(size)]
    for one, other in combinations_with_replacement(range(size), 2):
        table[one][other] = table[other][one] = next(products)
    return CrossProducts(tuple(map(spoken, among)), n, tuple(sums), tuple(map(tuple, table)))
