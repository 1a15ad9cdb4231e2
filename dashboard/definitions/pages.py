"""Entries of config/pages -> Pages: panels that name metrics which exist and slices that are recorded."""

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.definitions.folder import Folder
from dashboard.definitions.messages import read_entry
from dashboard.definitions.model import Page
from dashboard.definitions.panel_entries import PageEntry
from dashboard.definitions.panels import read_panel
from dashboard.definitions.references import Known
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document


def read_pages(folder: Folder, known: Known, problems: list[Problem]) -> Mapping[str, Page]:
    """Pages by name. Which of them are shown, and in which order, board.yaml says."""
    pages = {}
    for name, document in folder.pages.items():
        entry = read_entry(PageEntry, document, (), problems)
        if entry is None:
            continue
        if document.value.get("panels") == []:
            problems.append(document.problem(("panels",), "The page is empty. Write at least one panel."))
        read = (
            read_panel(document, ("panels", index), known, problems) for index in range(len(entry.panels))
        )
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
