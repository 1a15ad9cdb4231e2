"""The formats that a pack can be had in: each is a function from the pack to files, in one table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboard.errors import UnknownNameError
from dashboard.pack.data import csv_files
from dashboard.pack.model import BoardPack
from yamlfiles.problems import did_you_mean

if TYPE_CHECKING:
    from dashboard.pack.document.pictures import PagePictures

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class PackFile:
    """A file of a pack; `name` may have folders in it, parted by /."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Choices:
    """What a renderer may be told beside the pack.

    `template` is a company's own presentation; `pictures` gives those of the document's pages, where they are
    drawn elsewhere.
    """

    template: Path | None = None
    pictures: "Callable[[], Sequence[PagePictures]] | None" = None


Renderer = Callable[[BoardPack, Choices, Progress], Iterator[PackFile]]


def stem(pack: BoardPack) -> str:
    """What the files of a pack are called: `board-2026-Q2`, or `board-2026-Q2-segment-consumer`."""
    group = "-".join((*pack.view.slice, *pack.view.member)).lower()
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in group)
    parts = (pack.spec.name, pack.code, "-".join(part for part in plain.split("-") if part)[:60])
    return "-".join(part for part in parts if part)


# A format brings libraries of its own: they are loaded when it is made, by the process that makes it.


def _presentation(pack: BoardPack, choices: Choices, progress: Progress) -> Iterator[PackFile]:
    from dashboard.pack.slides.deck import deck  # noqa: PLC0415 - brings python-pptx and Pillow

    yield PackFile(f"{stem(pack)}.pptx", deck(pack, choices.template, progress))


def _document(pack: BoardPack, choices: Choices, progress: Progress) -> Iterator[PackFile]:
    from dashboard.pack.document.compiling import document  # noqa: PLC0415 - brings altair and typst

    progress("charts and texts", 0.0)
    pictures = None if choices.pictures is None else choices.pictures()
    yield PackFile(f"{stem(pack)}.pdf", document(pack, pictures))


def _workbook(pack: BoardPack, choices: Choices, progress: Progress) -> Iterator[PackFile]:
    from dashboard.pack.workbook.making import workbook  # noqa: PLC0415 - brings xlsxwriter

    progress("sheets", 0.0)
    yield PackFile(f"{stem(pack)}.xlsx", workbook(pack))


def _tables(pack: BoardPack, choices: Choices, progress: Progress) -> Iterator[PackFile]:
    yield from (PackFile(f"data/{name}", content) for name, content in csv_files(pack).items())


def _figures(pack: BoardPack, choices: Choices, progress: Progress) -> Iterator[PackFile]:
    from dashboard.pack.parquet_file import parquet  # noqa: PLC0415 - brings pyarrow

    yield PackFile(f"data/{stem(pack)}.parquet", parquet(pack))


def _pictures(*kinds: str) -> Renderer:
    def pictures(pack: BoardPack, choices: Choices, progress: Progress) -> Iterator[PackFile]:
        from dashboard.pack.images import images  # noqa: PLC0415 - brings altair

        progress("pictures", 0.0)
        yield from (PackFile(f"images/{name}", content) for name, content in images(pack, *kinds).items())

    return pictures


PICTURES = ("svg", "png")
RENDERERS: Mapping[str, Renderer] = MappingProxyType(
    {
        "pptx": _presentation,
        "pdf": _document,
        "xlsx": _workbook,
        "csv": _tables,
        "parquet": _figures,
        **{kind: _pictures(kind) for kind in PICTURES},
    }
)


def renderer(name: str) -> Renderer:
    """The renderer of a format, or UnknownNameError with those there are."""
    if name not in RENDERERS:
        raise UnknownNameError(f"There is no format {name!r}. {did_you_mean(name, RENDERERS)}")
    return RENDERERS[name]


def renderers(names: Iterable[str]) -> dict[str, Renderer]:
    """The renderers of formats in their order; UnknownNameError as of `renderer`.

    Pictures as SVG and as PNG are made by one, under the name of the first: what they have in common is drawn
    once.
    """
    found = {name: renderer(name) for name in names}
    kinds = [name for name in found if name in PICTURES]
    if len(kinds) > 1:
        found[kinds[0]] = _pictures(*kinds)
        del found[kinds[1]]
    return found
