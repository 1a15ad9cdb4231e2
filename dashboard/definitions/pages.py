"""Entries of config/pages -> Pages: panels that name metrics which exist and slices that are recorded."""

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.definitions.entries import PageEntry, PanelEntry
from dashboard.definitions.expressions import MetricRef
from dashboard.definitions.folder import Folder
from dashboard.definitions.messages import read_entry
from dashboard.definitions.model import Page, PanelKind, PanelSpec
from dashboard.definitions.references import Known, measures_under
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document, Location


def read_pages(folder: Folder, known: Known, problems: list[Problem]) -> Mapping[str, Page]:
    """Pages by name. Which of them are shown, and in which order, board.yaml says."""
    pages = {}
    for name, document in folder.pages.items():
        if document.value is None and document.root is not None:
            continue
        entry = read_entry(PageEntry, document, (), problems)
        if entry is not None:
            panels = [
                _panel(panel, document, ("panels", index), known, problems)
                for index, panel in enumerate(entry.panels)
            ]
            title = entry.title or name.replace("_", " ").capitalize()
            pages[name] = Page(
                name, title, entry.question, tuple(panel for panel in panels if panel is not None)
            )
    return MappingProxyType(pages)


def check_listed(
    folder: Folder, listed: tuple[str, ...], document: Document, problems: list[Problem]
) -> None:
    """Each page of board.yaml has a file, each file is in board.yaml, and none is there twice."""
    for index, name in enumerate(listed):
        location = ("pages", index)
        if name not in folder.pages:
            others = [page for page in folder.pages if page not in listed]
            hint = did_you_mean(name, others) if others else f"Write pages/{name}.yaml, or take it out."
            problems.append(document.problem(location, f"There is no page {name!r}. {hint}", of_key=False))
        elif name in listed[:index]:
            problems.append(
                document.problem(location, f"The page {name!r} stands twice. Keep one of them.", of_key=False)
            )
    for name, page in folder.pages.items():
        if name not in listed:
            message = f"The page {name!r} is not shown. Add it to pages in board.yaml, or take the file away."
            problems.append(page.problem((), message))


def _panel(
    entry: PanelEntry, document: Document, location: Location, known: Known, problems: list[Problem]
) -> PanelSpec | None:
    given = [kind for kind in PanelKind if getattr(entry, kind.value) is not None]
    if len(given) != 1:
        kinds = " or ".join(f"{kind.value}: metric" for kind in PanelKind)
        problems.append(document.problem(location, f"A panel shows one thing. Begin it with one of {kinds}."))
        return None
    kind = given[0]
    name = str(getattr(entry, kind.value))
    if wrong := known.wrong_with(MetricRef(name)):
        problems.append(document.problem((*location, kind.value), wrong, of_key=False))
        return None
    draft = known.metrics.get(name)
    if draft is not None and kind is PanelKind.PAIR and draft.entry.neighbour.metric is None:
        message = (
            f"The metric {name!r} has no neighbour to be drawn with. Write trend: {name}, or give it one."
        )
        problems.append(document.problem((*location, kind.value), message, of_key=False))
    if draft is not None and entry.by is not None:
        _check_slice(entry.by, name, document, (*location, "by"), known, problems)
    return PanelSpec(kind, name, (entry.by,) if entry.by else (), entry.title)


def _check_slice(
    by: str, metric: str, document: Document, location: Location, known: Known, problems: list[Problem]
) -> None:
    """A metric can be cut by what every dataset under it records."""
    formula = known.metrics[metric].formula
    keys = measures_under(formula, known) if formula is not None else set()
    for name in sorted({key.partition(".")[0] for key in keys}):
        dataset = known.datasets[name]
        if (by,) not in dataset.slices:
            singles = [cut[0] for cut in dataset.slices if len(cut) == 1]
            hint = did_you_mean(by, singles) if singles else f"Add slices: [{by}] to {dataset.file}."
            message = f"The dataset {name!r} under {metric!r} has no slice {by!r}. {hint}"
            problems.append(document.problem(location, message, of_key=False))
