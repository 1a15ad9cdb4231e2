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
        entry = read_entry(PageEntry, document, (), problems)
        if entry is None:
            continue
        if document.value.get("panels") == []:
            problems.append(document.problem(("panels",), "The page is empty. Write at least one panel."))
        read = (_panel(document, ("panels", index), known, problems) for index in range(len(entry.panels)))
        panels = tuple(panel for panel in read if panel is not None)
        title = entry.title or name.replace("_", " ").capitalize()
        pages[name] = Page(name, title, entry.question, panels)
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


def _panel(document: Document, location: Location, known: Known, problems: list[Problem]) -> PanelSpec | None:
    entry = read_entry(PanelEntry, document, location, problems)
    if entry is None:
        return None
    written = document.value["panels"][location[-1]].keys()
    given = [kind for kind in PanelKind if kind in written]
    if len(given) != 1:
        if written <= PanelEntry.model_fields.keys():  # an unknown key is told already
            kinds = " or ".join(f"{kind}: metric" for kind in PanelKind)
            problems.append(document.problem(location, f"A panel shows one thing. Write one of {kinds}."))
        return None
    kind, name = given[0], getattr(entry, given[0])
    if name is None:  # it is wrong in itself, and told
        return None
    place = (*location, kind.value)
    if wrong := known.wrong_with(MetricRef(name)):
        problems.append(document.problem(place, wrong, of_key=False))
        return None
    if kind is PanelKind.PAIR and known.stands_alone(name):
        told = f"The metric {name!r} has no neighbour to be drawn with. Write trend: {name}, or give it one."
        problems.append(document.problem(place, told, of_key=False))
    if entry.by is not None:
        _check_slice(entry.by, name, document, (*location, "by"), known, problems)
    return PanelSpec(kind, name, (entry.by,) if entry.by else (), entry.title)


def _check_slice(
    by: str, metric: str, document: Document, location: Location, known: Known, problems: list[Problem]
) -> None:
    """A metric can be cut by what every dataset under it records."""
    draft = known.metrics.get(metric)
    keys = measures_under(draft.formula, known) if draft is not None and draft.formula is not None else set()
    for name in sorted({key.partition(".")[0] for key in keys}):
        dataset = known.datasets[name]
        if (by,) not in dataset.slices:
            singles = [cut[0] for cut in dataset.slices if len(cut) == 1]
            hint = did_you_mean(by, singles) if singles else f"Add slices: [{by}] to {dataset.file}."
            message = f"The dataset {name!r} under {metric!r} has no slice {by!r}. {hint}"
            problems.append(document.problem(location, message, of_key=False))
