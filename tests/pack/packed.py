"""A bound pack of the test company, and what tests change in one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from dashboard.board.panels import BoardPage, ExhibitPanel, PairPanel, Panel, TrendPanel
from dashboard.board.reading import Reading
from dashboard.board.sheet import Field
from dashboard.ledger.notes import Place
from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.model import BoardPack, RestatedFigure
from tests.pack import company

NOTE = "The rise is the **North**'s: {net_promoter_score.value} in all.\n\n- #1 stays a text\n- so does $x$"


def bound(home: Any, period: str = "2026-Q2") -> BoardPack:
    """A pack with a note on its first page, of a company whose files are written into `home`."""
    deployment = company.deployed(company.written(home))
    catalog = deployment.catalog
    with Ledger(deployment.ledger_url) as ledger:
        company.measured(deployment, ledger)
        place = Place("loyalty", "", period)
        ledger.notes.write(place, NOTE, author="Ann Lee", now=company.NOW, based_on=0)
        request = Request(catalog.pack(), catalog.board.calendar.parse(period))
        return bind(catalog, ledger, request, now=company.NOW)


def restated(pack: BoardPack) -> BoardPack:
    """The same with a restatement, which the test company has none of."""
    found = RestatedFigure("2026-Q1 (Apr–Jun 2026)", "Revenue", "€1.2M", "€1.1M", "−€0.1M", "late rows", 1)
    return replace(pack, restated=(found,))


def readings(pack: BoardPack) -> list[Reading]:
    """The readings of all panels that have any."""
    return [
        reading
        for page in pack.pages
        for panel in page.shown.panels
        if isinstance(panel, PairPanel | TrendPanel)
        for reading in panel.readings
    ]


def exhibits(pack: BoardPack) -> Iterator[ExhibitPanel]:
    for page in pack.pages:
        yield from (panel for panel in page.shown.panels if isinstance(panel, ExhibitPanel))


def exhibit(pack: BoardPack, key: str) -> ExhibitPanel:
    return next(panel for panel in exhibits(pack) if panel.key == key)


def with_panels(pack: BoardPack, panels: tuple[Panel, ...]) -> BoardPack:
    """The pack with the panels of its first page replaced."""
    first, *others = pack.pages
    return replace(pack, pages=(replace(first, shown=replace(first.shown, panels=panels)), *others))


def changed(pack: BoardPack, change: Callable[[BoardPage], BoardPage]) -> BoardPack:
    pages = tuple(replace(page, shown=change(page.shown)) for page in pack.pages)
    return replace(pack, pages=pages)


def with_exhibit(pack: BoardPack, key: str, *, label: str | None = None, **changes: Any) -> BoardPack:
    """The pack with an exhibit changed; `label` is what the first field of its table says."""

    def change(page: BoardPage) -> BoardPage:
        panels = []
        for panel in page.panels:
            if panel.key == key and isinstance(panel, ExhibitPanel):
                panel = replace(panel, **changes)  # noqa: PLW2901
                if label is not None:
                    first, *rows = panel.sheet.rows
                    sheet = replace(panel.sheet, rows=((Field(label), *first[1:]), *rows))
                    panel = replace(panel, sheet=sheet)  # noqa: PLW2901
            panels.append(panel)
        return replace(page, panels=tuple(panels))

    return changed(pack, change)
