"""Entries of config/packs -> PackSpecs: pages that exist, each once."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import Field

from dashboard.definitions.entries import Entry
from dashboard.definitions.folder import Folder
from dashboard.definitions.messages import read_entry
from dashboard.definitions.pack import TITLE, Appendix, Cover, PackSpec, standard_pack
from dashboard.definitions.values import Name, OneOf, OrText, Text
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document


class CoverEntry(Entry):
    """The first sheet."""

    title: Text = Field(TITLE, description="the title of the pack")
    text: Text | None = Field(None, description="a paragraph under the title")


class PackEntry(Entry):
    """config/packs/<name>.yaml."""

    stand_ins: ClassVar[dict[str, Any]] = {"appendices": []}

    pages: Annotated[list[Name], Field(min_length=1)] | None = Field(
        None, description="the pages in order; all of board.yaml, if left out"
    )
    appendices: list[Annotated[Appendix, OneOf(tuple(Appendix))]] = Field(
        list(Appendix), description=", ".join(Appendix)
    )
    cover: Annotated[CoverEntry, OrText("title")] = Field(
        CoverEntry(), description="{title: Board pack, text: a paragraph}, or the title alone"
    )
    recipients: Text | None = Field(None, description="who may read it: a note on the cover")


def read_packs(folder: Folder, pages: tuple[str, ...], problems: list[Problem]) -> Mapping[str, PackSpec]:
    """The packs by name; where no file describes one, the standard pack of `pages`."""
    packs = {}
    for name, document in folder.packs.items():
        entry = read_entry(PackEntry, document, (), problems)
        if entry is None:
            continue
        _check_pages(folder, entry, document, problems)
        _check_appendices(entry, document, problems)
        cover = Cover(entry.cover.title, entry.cover.text or "")
        listed = pages if entry.pages is None else tuple(entry.pages)
        packs[name] = PackSpec(name, listed, tuple(entry.appendices), cover, entry.recipients or "")
    if not packs and not folder.packs:
        standard = standard_pack(pages)
        packs[standard.name] = standard
    return MappingProxyType(packs)


def _check_pages(folder: Folder, entry: PackEntry, document: Document, problems: list[Problem]) -> None:
    listed = entry.pages or []
    for index, name in enumerate(listed):
        told = None
        if name not in folder.pages:
            told = f"There is no page {name!r}. {did_you_mean(name, folder.pages)}"
        elif name in listed[:index]:
            told = f"The page {name!r} stands twice. Keep one of them."
        if told:
            problems.append(document.problem(("pages", index), told, of_key=False))


def _check_appendices(entry: PackEntry, document: Document, problems: list[Problem]) -> None:
    for index, name in enumerate(entry.appendices):
        if name in entry.appendices[:index]:
            told = f"The appendix {name.value!r} stands twice. Keep one of them."
            problems.append(document.problem(("appendices", index), told, of_key=False))
