"""Which statements answer for a dataset: as few as its engine allows, each reading the rows once."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.definitions.model import Catalog, Dataset
from dashboard.measures.cut import slice_sets
from dashboard.measures.event_time import event_time
from dashboard.measures.monthly import EXTREMES, MONTHLY, MonthlyStatement, monthly_statement
from dashboard.measures.relation import Types, relation
from dashboard.measures.spans import first_asked
from dashboard.periods import Grain

Statement = MonthlyStatement


def plan(
    catalog: Catalog,
    dataset: Dataset,
    *,
    since: date | None,
    now: datetime,
    columns: Types,
    lookup_columns: Mapping[str, Types],
    dialect: str,
) -> tuple[Statement, ...]:
    """The statements of one reading; the first tells the dataset's pulse, too.

    `since` None asks everything; otherwise every period that ends after it. `columns` are the dataset's real columns,
    `lookup_columns` those of each look-up by its name.
    """
    source = relation(catalog, dataset, dialect, columns, lookup_columns)
    calendar, tomorrow = catalog.board.calendar, today(catalog, now) + timedelta(days=1)
    measures = tuple(dataset.measures.values())
    monthly = tuple(each for each in measures if each.aggregate.kind in MONTHLY)
    longer = any(each.aggregate.kind in EXTREMES for each in monthly)
    covers_month = dataset.covers in (None, Grain.MONTH)
    grains = tuple(Grain) if longer or not covers_month else (Grain.MONTH,)
    event = event_time(source, first=first_asked(calendar, grains, since), tomorrow=tomorrow)
    slices = dataset.slices if monthly else ((),)
    return tuple(
        monthly_statement(source, event, monthly, together) for together in slice_sets(slices, dialect)
    )


def today(catalog: Catalog, now: datetime) -> date:
    """The day that it is where the company is."""
    return now.astimezone(ZoneInfo(catalog.board.time_zone)).date()
