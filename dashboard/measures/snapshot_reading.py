"""A dataset of snapshots is asked, and its answers become a MeasureFrame."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain

from connectors.engines import SourceEngine
from dashboard.definitions.expressions import AggregateKind
from dashboard.definitions.model import Catalog, Dataset
from dashboard.measures.cells import recorded_cells, rows_told
from dashboard.measures.frame import Cell, MeasureFrame
from dashboard.measures.monthly import Pulse
from dashboard.measures.snapshot_plan import SnapshotPlan
from dashboard.measures.spans import Asked


def read_snapshots(
    catalog: Catalog,
    dataset: Dataset,
    planned: SnapshotPlan,
    engine: SourceEngine,
    since: date | None,
    day: date,
) -> MeasureFrame:
    """Ask the planned statements. `day` is today where the company is."""
    answers = [engine.fetch(statement.select) for statement in planned.states]
    pulse = planned.states[0].pulse(answers[0])
    asked = Asked(catalog.board.calendar, since, pulse.last_month or 0, dataset.covers)
    values = [each.values(rows, asked) for each, rows in zip(planned.states, answers, strict=True)]
    values += [each.values(engine.fetch(each.select), asked) for each in planned.exact]
    cells, warnings = recorded_cells(chain.from_iterable(values))
    return MeasureFrame(
        dataset=dataset.name,
        cells=cells,
        since=since,
        data_until=_data_until(catalog, dataset, pulse, day),
        rows=pulse.rows,
        warnings=(*_warnings(dataset, pulse, since, day), *_of_several_rows(dataset, cells), *warnings),
    )


def _of_several_rows(dataset: Dataset, cells: Iterable[Cell]) -> Iterator[str]:
    """Figures worked out elsewhere that the finest slice does not tell apart; in others that is to be so."""
    finest = max(map(len, dataset.slices))
    several = Counter(
        cell.measure for cell in cells if len(cell.slice) == finest and cell.n is not None and cell.n > 1
    )
    for measure in dataset.measures.values():
        if measure.aggregate.kind is AggregateKind.ONLY and (count := several[measure.key]):
            yield (
                f"{measure.key} has several rows behind {count:,} of its values, and cannot be put together "
                "from them: these are missing. Slice it as its rows are, or measure its parts."
            )


def _data_until(catalog: Catalog, dataset: Dataset, pulse: Pulse, day: date) -> date | None:
    """The day after the newest state; with `covers`, the end of the period that it stands for."""
    if pulse.latest is None:
        return None
    until = pulse.latest + timedelta(days=1)
    if dataset.covers is not None:
        until = catalog.board.calendar.containing(dataset.covers, pulse.latest).end
    return min(until, day + timedelta(days=1))


def _warnings(dataset: Dataset, pulse: Pulse, since: date | None, day: date) -> Iterator[str]:
    if not pulse.rows:
        yield f"{dataset.name} has no rows{'' if since is None else f' since {since}'}."
    if pulse.undated:
        yield f"{rows_told(pulse.undated)} of {dataset.name} without {dataset.snapshot}: in no period."
    if pulse.earlier:
        yield f"{rows_told(pulse.earlier)} of {dataset.name} before the year 1900: in no period."
    if pulse.later:
        yield f"{rows_told(pulse.later)} of {dataset.name} later than {day}: in no period yet."
