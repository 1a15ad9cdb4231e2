"""What is known otherwise than the last pack of the same period said: both are read from the ledger."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.board.panels import ExhibitPanel
from dashboard.board.view import member_text
from dashboard.definitions.model import Catalog
from dashboard.ledger.closing import catalog_as_of
from dashboard.ledger.exports import Export
from dashboard.ledger.scope import EVERYTHING, Scope
from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.data import BETWEEN, MONTH, FigureRow, figure_rows
from dashboard.pack.model import BoardPack, ChangedFigure, SinceLast
from dashboard.units import MISSING, format_day

PACK = "pack "  # what an export of a pack is entered as begins with
LOOKED_BACK = 500  # exports


def last_pack(ledger: Ledger, code: str, *, as_of: datetime | None = None) -> Export | None:
    """The newest pack of a period that was made, by `as_of`; None where there is none."""
    found = ledger.exports.newest(LOOKED_BACK, as_of=as_of)
    return next((each for each in found if each.period == code and each.what.startswith(PACK)), None)


def marked(
    catalog: Catalog,
    ledger: Ledger,
    request: Request,
    pack: BoardPack,
    *,
    now: datetime,
    scope: Scope = EVERYTHING,
) -> BoardPack:
    """The pack with what changed since the last of its period. The first of a period is left as it is."""
    last = last_pack(ledger, pack.code, as_of=request.as_of)
    if last is None:
        return pack
    changed: tuple[ChangedFigure, ...] = ()
    if not _same(catalog, ledger, request, pack, last):
        then = bind(catalog, ledger, replace(request, as_of=last.at), now=now, scope=scope)
        changed = tuple(_changed(then, pack))
    moment = last.at.astimezone(ZoneInfo(pack.board.time_zone))
    day = f"{format_day(moment.date(), locale=pack.board.locale)}, {moment:%H:%M}"
    count = {0: "no figure has changed", 1: "1 figure has changed"}.get(
        len(changed), f"{len(changed)} figures have changed"
    )
    return replace(pack, since=SinceLast(f"Since the pack of {day}, by {last.author}: {count}.", changed))


def _same(catalog: Catalog, ledger: Ledger, request: Request, pack: BoardPack, last: Export) -> bool:
    """Whether nothing was measured, closed, noted or defined since then: so there is nothing to compare."""
    untouched = request.as_of is None and pack.known <= last.at
    return untouched and catalog_as_of(catalog, ledger, last.at) is catalog


def _changed(then: BoardPack, now: BoardPack) -> Iterator[ChangedFigure]:
    """Figures of the pages whose words differ; what is new or gone is told as n/a on the other side.

    A figure that stands in several panels of a page is told once.
    """
    yield from dict.fromkeys(_differing(then, now))


def _differing(then: BoardPack, now: BoardPack) -> Iterator[ChangedFigure]:
    titles = {page.shown.page.name: page.shown.page.title for page in (*then.pages, *now.pages)}
    before, after = _told(then), _told(now)
    owners = {**_owners(then), **_owners(now)}
    for key in {**before, **after}:
        old, new = before.get(key, MISSING), after.get(key, MISSING)
        if old != new:
            page, panel, metric, name, group = key
            owner = "" if metric else owners.get((page, panel), "")
            figure = f"{owner}: {name}" if owner and owner != name else name
            spoken = group if metric else BETWEEN.join(map(member_text, group.split(BETWEEN)))
            yield ChangedFigure(titles[page], figure, spoken, old, new)


def _owners(pack: BoardPack) -> dict[tuple[str, str], str]:
    """The metric of each exhibit that has but one: a column called n, or Low, says nothing by itself."""
    found = {}
    for page in pack.pages:
        for panel in page.shown.panels:
            names = {about.metric.name for about in panel.about} if isinstance(panel, ExhibitPanel) else set()
            if len(names) == 1:
                found[page.shown.page.name, panel.key] = names.pop()
    return found


def _told(pack: BoardPack) -> dict[tuple[str, str, str, str, str], str]:
    rows: list[FigureRow] = [row for row in figure_rows(pack) if row.kind != MONTH]
    return {(row.page, row.panel, row.metric, row.name, row.group): row.text for row in rows}
