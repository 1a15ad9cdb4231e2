"""Entries of config/datasets -> Datasets: names resolved, expressions parsed, versions hashed."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from pydantic_core import PydanticCustomError

from dashboard.definitions.annotations import annotated
from dashboard.definitions.dataset_columns import Expressions, plain_column
from dashboard.definitions.dataset_times import behaviour, fault_of_moment, kinds_of, place_of_measure, timing
from dashboard.definitions.drivers import driver_measures, read_drivers
from dashboard.definitions.entries import UNKNOWN, DatasetEntry
from dashboard.definitions.folder import Folder
from dashboard.definitions.lookups import Draft, read_lookups, without_unused, written_lookups
from dashboard.definitions.messages import read_entry
from dashboard.definitions.model import Board, ColumnUse, Dataset, Measure, Slice
from dashboard.definitions.parsing import parse_aggregate
from dashboard.definitions.queries import read_query
from dashboard.definitions.scenarios import of_scenarios, with_signs
from dashboard.definitions.versions import measure_version
from yamlfiles.problems import Problem, did_you_mean


def read_drafts(folder: Folder, problems: list[Problem]) -> Mapping[str, Draft | None]:
    """Every dataset that there is a file for; None where the file cannot be understood."""
    drafts: dict[str, Draft | None] = {}
    for name, document in folder.datasets.items():
        entry = read_entry(DatasetEntry, document, (), problems)
        drafts[name] = None if entry is None else Draft(name, entry, document)
    return drafts


def resolve_datasets(
    folder: Folder,
    drafts: Mapping[str, Draft | None],
    board: Board,
    sources: Mapping[str, str],
    problems: list[Problem],
) -> tuple[Mapping[str, Dataset], tuple[ColumnUse, ...]]:
    """Datasets by name, and every use of a column. Each thing wrong is added to `problems`."""
    known: dict[str, Dataset] = {}
    readers: dict[str, Expressions] = {}
    for name, draft in drafts.items():
        if draft is not None:
            readers[name] = Expressions(draft.document, problems, written_lookups(draft, drafts))
            known[name] = annotated(
                draft, _dataset(folder, draft, drafts, sources, readers[name]), readers[name]
            )
    for name, dataset in tuple(known.items()):
        draft = drafts[name]
        if draft is not None:
            measures = with_signs(draft, dataset, _measures(draft, dataset, readers[name]), readers[name])
            measured = replace(dataset, measures=MappingProxyType({**dataset.measures, **measures}))
            of_each = tuple(of_scenarios(draft, measured, drafts, readers[name]))
            known |= {each.name: without_unused(each, readers[name].looked_up) for each in of_each}
    finished = {name: _versioned(board, dataset, known) for name, dataset in known.items()}
    uses = tuple(use for name, reader in readers.items() for use in reader.uses(known[name]))
    return MappingProxyType(finished), uses


def _dataset(
    folder: Folder,
    draft: Draft,
    drafts: Mapping[str, Draft | None],
    sources: Mapping[str, str],
    reader: Expressions,
) -> Dataset:
    entry = draft.entry
    if entry.source not in (UNKNOWN, *sources):
        hint = did_you_mean(entry.source, sources)
        reader.refuse(("source",), f"There is no source {entry.source!r} in config/sources. {hint}")
    query = _query(folder, draft, reader)
    lookups = read_lookups(draft, drafts, reader)
    dimensions = {
        name: column
        for name, text in entry.dimensions.items()
        if (column := reader.dimension(name, text, lookups)) is not None
    }
    time = timing(entry, draft.document, reader)
    texts = {"entity": entry.entity, "key": entry.key, "currency": entry.currency}
    columns = {key: None if text is None else plain_column(text) for key, text in texts.items()}
    where = None if entry.where is None else reader.condition(("where",), entry.where, lookups)
    return Dataset(
        name=draft.name,
        source=entry.source,
        table=entry.table,
        query=query,
        query_file=entry.query,
        event=time.event,
        covers=time.covers,
        entity=columns["entity"],
        key=columns["key"],
        currency=columns["currency"],
        where=where,
        lookups=MappingProxyType(lookups),
        dimensions=MappingProxyType(dimensions),
        slices=_slices(draft, reader),
        measures=MappingProxyType({}),
        time_zone=entry.time_zone,
        freshness_days=entry.freshness,
        restate_months=entry.restate,
        file=draft.document.file,
        span=time.span,
        snapshot=time.snapshot,
        survey=entry.survey,
        drivers=read_drivers(entry.drivers, event=time.event is not None, reader=reader),
        rows_at=draft.document.place(("table" if entry.query is None else "query",), of_key=False),
    )


def _query(folder: Folder, draft: Draft, reader: Expressions) -> str | None:
    entry = draft.entry
    if entry.table is not None and entry.query is not None:
        reader.refuse(("query",), "Both table and query are given. Keep one of them.", key=True)
    elif not draft.document.value.keys() & {"table", "query"}:
        reader.refuse((), "Neither table nor query is given. Add table: the table or view to read.", key=True)
    if entry.query is None:
        return None
    try:
        return read_query(folder.path / "datasets", entry.query)
    except PydanticCustomError as error:
        reader.refuse(("query",), error.message())
        return None


def _slices(draft: Draft, reader: Expressions) -> tuple[Slice, ...]:
    slices: list[Slice] = [()]
    dimensions = draft.written("dimensions")
    for index, parts in enumerate(draft.entry.slices):
        location, cut = ("slices", index), tuple(parts)
        unknown = [name for name in cut if name not in dimensions]
        for name in unknown:
            hint = did_you_mean(name, dimensions)
            reader.refuse((*location, cut.index(name)), f"There is no dimension {name!r} to slice by. {hint}")
        if unknown:
            continue
        if not 1 <= len(cut) <= 2 or len(set(cut)) < len(cut):
            reader.refuse(location, "A slice is one dimension, or two different ones: [plan, segment].")
        elif set(cut) in map(set, slices):
            reader.refuse(location, f"The slice {', '.join(cut)} stands twice. Keep one of them.")
        else:
            slices.append(cut)
    return tuple(slices)


def _measures(draft: Draft, dataset: Dataset, reader: Expressions) -> Mapping[str, Measure]:
    measures, certain = {}, dataset.timed and len(kinds_of(draft.document)) == 1
    for name, entry in draft.entry.measures.items():
        place = place_of_measure(draft.document, name)
        aggregate = reader.aggregate(place, entry.value, dataset.lookups)
        if aggregate is None:
            continue
        if certain and (fault := fault_of_moment(dataset, name, entry, aggregate)):
            reader.refuse(place, fault)
            continue
        what = behaviour(dataset, aggregate, entry.at)
        measures[name] = Measure(name, dataset.name, aggregate, entry.value, "", what, entry.at)
    measures |= _of_drivers(draft, dataset, reader)
    return MappingProxyType(measures)


def _of_drivers(draft: Draft, dataset: Dataset, reader: Expressions) -> Mapping[str, Measure]:
    """The measures that a dataset has for its drivers."""
    measures: dict[str, Measure] = {}
    for name, text in () if dataset.drivers is None else driver_measures(dataset.drivers):
        if name in draft.written("measures"):
            told = f"{name!r} is the name of a measure that drivers bring along. Give this one another."
            reader.refuse(place_of_measure(draft.document, name), told)
        aggregate = parse_aggregate(text)
        what = behaviour(dataset, aggregate, None)
        measures[name] = Measure(name, dataset.name, aggregate, text, "", what, None)
    return measures


def _versioned(board: Board, dataset: Dataset, known: Mapping[str, Dataset]) -> Dataset:
    measures = {
        name: replace(measure, version=measure_version(board, dataset, measure, known))
        for name, measure in dataset.measures.items()
    }
    return replace(dataset, measures=MappingProxyType(measures))
