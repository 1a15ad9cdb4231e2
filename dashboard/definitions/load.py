"""A folder of YAML and SQL -> a Catalog, or every problem in it at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from dashboard.definitions.annotations import read_annotations
from dashboard.definitions.board_entries import BoardEntry
from dashboard.definitions.datasets import read_drafts, resolve_datasets
from dashboard.definitions.derivations import read_derivations
from dashboard.definitions.expressions import MetricRef
from dashboard.definitions.folder import Folder, read_folder
from dashboard.definitions.lookups import Draft
from dashboard.definitions.messages import read_entry
from dashboard.definitions.metrics import read_metrics
from dashboard.definitions.model import Board, Catalog, ControlTotal, Dataset, Origin, Rules
from dashboard.definitions.packs import read_packs
from dashboard.definitions.pages import check_listed, read_pages
from dashboard.definitions.references import Known
from dashboard.definitions.spread import with_spread
from dashboard.errors import ConfigurationError
from dashboard.periods import FiscalCalendar
from yamlfiles.problems import Problem

# Stands in for a board.yaml with problems, so that the rest of the configuration is read and told of too.
_NO_BOARD = Board("", "EUR", "en_GB", "UTC", FiscalCalendar(1), 1, None, (), Rules())


def load_catalog(config: Path, *, sources: Mapping[str, str]) -> Catalog:
    """The Catalog of the folder `config`.

    Args:
        config: the folder that holds board.yaml.
        sources: owners by name of the sources that the connectors have read from config/sources. A source
            with a file there that they could not read is known too: its problem is theirs to tell.

    Raises:
        ConfigurationError: with every problem, in order of file and place.
    """
    catalog, problems = collect(config, sources=sources)
    if catalog is None:
        raise ConfigurationError(problems)
    return catalog


def collect(config: Path, *, sources: Mapping[str, str]) -> tuple[Catalog | None, tuple[Problem, ...]]:
    """The Catalog and (), or None and all problems in order of file and place; raises for none of them."""
    folder = read_folder(config)
    problems = list(folder.problems)
    board = _board(folder, problems)
    known_sources = {name: sources.get(name, "") for name in (*folder.sources, *sources)}
    drafts = read_drafts(folder, problems)
    datasets, uses = resolve_datasets(folder, drafts, board or _NO_BOARD, known_sources, problems)
    broken = frozenset(_broken(drafts, datasets))
    derived = read_derivations(folder, datasets, broken, board or _NO_BOARD, problems)
    origins: dict[str, Origin] = {**datasets, **derived.derivations}
    metrics, known = read_metrics(folder, origins, broken | derived.broken, problems)
    pages = read_pages(folder, known, problems)
    _check_totals(folder, board, known, problems)
    packs = read_packs(folder, board.pages if board else (), problems)
    annotations = read_annotations(folder.annotations, known, problems)
    if problems or board is None:
        return None, tuple(sorted(set(problems)))
    catalog = Catalog(
        board=board,
        sources=MappingProxyType(known_sources),
        datasets=with_spread(datasets, metrics.values(), board),
        metrics=metrics,
        pages=pages,
        version=folder.version,
        places=MappingProxyType(dict(_places(folder))),
        annotations=annotations,
        column_uses=(*uses, *derived.uses),
        derivations=derived.derivations,
        packs=packs,
    )
    return catalog, ()


def _board(folder: Folder, problems: list[Problem]) -> Board | None:
    document = folder.board
    if document is None:
        return None
    told = len(problems)
    entry = read_entry(BoardEntry, document, (), problems)
    if entry is None:
        return None
    if entry.pages or document.value.get("pages") == []:
        check_listed(folder, tuple(entry.pages), document, problems)
    if len(problems) > told:
        return None
    return Board(
        organisation=entry.organisation,
        currency=entry.currency,
        locale=entry.locale,
        time_zone=entry.time_zone,
        calendar=FiscalCalendar(entry.fiscal_year_start),
        minimum_group=entry.minimum_group,
        discount_rate=entry.discount_rate,
        pages=tuple(entry.pages),
        rules=Rules(entry.rules.two_in_three, entry.rules.trend_length, entry.rules.minimum_points),
        control_totals=tuple(
            ControlTotal(each.metric, each.ties_to, each.within) for each in entry.control_totals
        ),
    )


def _check_totals(folder: Folder, board: Board | None, known: Known, problems: list[Problem]) -> None:
    """The metrics of the control totals exist, and are of one unit."""
    if board is None or folder.board is None:
        return
    for index, total in enumerate(board.control_totals):
        place = ("control_totals", index)
        wrong = {key: known.wrong_with(MetricRef(getattr(total, key))) for key in ("metric", "ties_to")}
        for key, told in wrong.items():
            if told is not None:
                problems.append(folder.board.problem((*place, key), told, of_key=False))
        drafts = [known.metrics.get(name) for name in (total.metric, total.ties_to)]
        units = {draft.entry.unit for draft in drafts if draft is not None}
        if len(units) > 1:
            told = f"{total.metric!r} and {total.ties_to!r} are of two units. Tie metrics of one unit."
            problems.append(folder.board.problem(place, told, of_key=False))


def _broken(drafts: Mapping[str, Draft | None], datasets: Mapping[str, Dataset]) -> Iterator[str]:
    """Names that are defined but could not be read: a formula that uses them is not wrong as well."""
    for name, draft in drafts.items():
        if draft is None:
            yield name
        elif name in datasets:
            measured = datasets[name].measures
            yield from (
                f"{name}.{measure}" for measure in draft.written("measures") if measure not in measured
            )


def _places(folder: Folder) -> Iterator[tuple[str, str]]:
    """Where things are defined: `metrics.nps` -> `metrics/loyalty.yaml:3`."""
    for kind, documents in (("datasets", folder.datasets), ("pages", folder.pages)):
        for name, document in documents.items():
            yield f"{kind}.{name}", f"{document.file}:1"
    for name, document in folder.pages.items():
        for index in range(len(document.value["panels"])):
            yield f"pages.{name}.{index}", f"{document.file}:{document.place(('panels', index))[0]}"
    for name, document in folder.datasets.items():
        for measure in document.value.get("measures", ()):
            yield f"datasets.{name}.{measure}", f"{document.file}:{document.place(('measures', measure))[0]}"
    for kind, documents in (("derivations", folder.derivations), ("metrics", folder.metrics)):
        for document in documents.values():
            for name in document.value or ():
                yield f"{kind}.{name}", f"{document.file}:{document.place((name,))[0]}"
