"""How far to trust a figure: why we measure it, who owns it, what it is made of, how fresh it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.board.definition_changes import DefinitionChange
from dashboard.board.reading import Reading
from dashboard.board.wording import direction_text, rules_text
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog, Metric
from dashboard.ledger.book import DatasetState
from dashboard.units import format_count, format_day


@dataclass(frozen=True)
class Ingredient:
    """One measure under a metric, as its configuration writes it."""

    key: str
    text: str
    dataset: str
    origin: str  # table or query file
    source: str
    source_owner: str
    version: str


@dataclass(frozen=True)
class Freshness:
    """How current a dataset is. `failure` is the error of the last refresh, if that failed."""

    dataset: str
    data_until: date | None  # the last day that has data
    read_at: datetime | None
    rows: int | None
    stale: str | None
    failure: str | None
    warnings: tuple[str, ...]
    line: str


@dataclass(frozen=True)
class Provenance:
    """Everything the "About" of a figure shows."""

    metric: Metric
    direction: str
    ingredients: tuple[Ingredient, ...]
    freshness: tuple[Freshness, ...]
    neighbour: str | None
    rules: str
    locale: str
    changes: tuple[DefinitionChange, ...] = ()


def provenance(
    catalog: Catalog, states: Mapping[str, DatasetState], metric: Metric, today: date
) -> Provenance:
    """Gather the origin and the freshness of a metric; `today` is the day in the company's own zone."""
    ingredients = tuple(
        _ingredient(catalog, key, version) for key, version in measures_of(catalog, metric).items()
    )
    datasets = sorted({item.dataset for item in ingredients})
    return Provenance(
        metric=metric,
        direction=direction_text(metric.better),
        ingredients=ingredients,
        freshness=tuple(freshness(catalog, states, name, today) for name in datasets),
        neighbour=_belief(catalog, metric),
        rules=rules_text(catalog.board, metric.chart),
        locale=catalog.board.locale,
    )


def freshness(catalog: Catalog, states: Mapping[str, DatasetState], dataset: str, today: date) -> Freshness:
    """The freshness of one dataset against the limit its configuration sets."""
    state, limit = states.get(dataset), catalog.origin(dataset).freshness_days
    if state is None:
        return Freshness(dataset, None, None, None, None, None, (), f"{dataset}: not measured yet.")
    locale = catalog.board.locale
    last_day = state.data_until - timedelta(days=1) if state.data_until else None
    told = f"data to {format_day(last_day, locale=locale)}" if last_day else "no data"
    read = (
        f", read on {format_day(state.last_ok_at.date(), locale=locale)}"
        if state.last_ok_at
        else ", never read"
    )
    line = f"{dataset}: {told}{read}, {format_count(state.rows, locale=locale)} rows."
    age = (today - last_day).days if last_day else None
    stale = None
    if last_day is not None and age is not None and limit is not None and age > limit:
        stale = (
            f"{dataset}: the newest data is of {format_day(last_day, locale=locale)}, "
            f"{format_count(age, locale=locale)} days ago; at most {limit} are allowed."
        )
    return Freshness(
        dataset, last_day, state.last_ok_at, state.rows, stale, state.failure, state.warnings, line
    )


def locked_datasets(states: Mapping[str, DatasetState], reading: Reading) -> tuple[str, ...]:
    """The datasets without which a reading is locked: those never measured, or not connected."""
    return tuple(dict.fromkeys(each for name in reading.datasets for each in not_connected(states, name)))


def not_connected(states: Mapping[str, DatasetState], dataset: str) -> tuple[str, ...]:
    """What a dataset lacks: tables that it looks up, or itself; nothing where all of it was measured."""
    state = states.get(dataset)
    if state is not None and state.lacking:
        return state.lacking
    return (dataset,) if state is None or state.last_ok_at is None else ()


def _ingredient(catalog: Catalog, key: str, version: str) -> Ingredient:
    origin = catalog.origin(key.partition(".")[0])
    return Ingredient(
        key,
        catalog.measure(key).text,
        origin.name,
        origin.rows_of,
        origin.source,
        catalog.sources[origin.source],
        version,
    )


def _belief(catalog: Catalog, metric: Metric) -> str | None:
    pair = metric.neighbour
    if pair is None:
        return metric.no_neighbour
    sign = {"plus": "rise together", "minus": "move against each other"}.get(
        pair.sign, "move in either direction"
    )
    lag = ""
    if pair.lag is not None:
        first, last = pair.lag
        lag = f", after {first} quarters" if first == last else f", after {first} to {last} quarters"
        lag = "" if (first, last) == (0, 0) else lag
    return f"Expected to {sign}{lag}: {catalog.metric(pair.metric).name}. {pair.because}"
