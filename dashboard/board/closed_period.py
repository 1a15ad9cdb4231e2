"""A closed period on a page: who closed it when, and which of its figures are known otherwise now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.board.view import View
from dashboard.definitions.model import Catalog, Metric
from dashboard.ledger import months
from dashboard.ledger.book import Book
from dashboard.ledger.closes import Close
from dashboard.ledger.restating import Restatement, restated_line, restatements
from dashboard.ledger.scope import Scope
from dashboard.ledger.store import Ledger
from dashboard.units import format_change, format_day, format_value


@dataclass(frozen=True)
class ClosedPeriod:
    """What a page says of the closed period that its span ends in; `restated` has a sentence a figure."""

    close: Close
    line: str
    restated_line: str
    restated: tuple[str, ...]


def closed_period(
    catalog: Catalog,
    ledger: Ledger,
    book: Book,
    metrics: Sequence[Metric],
    view: View,
    *,
    scope: Scope,
    as_of: datetime | None,
) -> ClosedPeriod | None:
    """The close that the view's figures are of, with what has been restated since; None where none stands.

    Restatements are of the closed period itself, for the view's group; what `book` keeps back is in none.
    """
    last = months.span(view.period(catalog.board.calendar))[1] - 1
    standing = ledger.closes.standing(as_of=as_of)
    close = next((each for each in reversed(standing) if each.span[0] <= last < each.span[1]), None)
    if close is None:
        return None
    found = restatements(
        catalog,
        ledger,
        close,
        scope=scope,
        metrics=metrics,
        slices=(view.slice,),
        as_of=as_of,
        mask=book.mask,
    )
    mine = [each for each in found if each.member == view.member]
    day = close.at.astimezone(ZoneInfo(catalog.board.time_zone)).date()
    return ClosedPeriod(
        close=close,
        line=f"{close.name} closed {format_day(day, locale=catalog.board.locale)} by {close.author}",
        restated_line=restated_line(mine),
        restated=tuple(_sentence(catalog, each) for each in mine),
    )


def _sentence(catalog: Catalog, found: Restatement) -> str:
    """`Net Promoter Score: 38.0 when it was closed, 37.2 now (−0.8 points): late rows.`"""
    board, unit = catalog.board, found.metric.unit
    then, now = (
        format_value(each.value, unit, locale=board.locale, currency=board.currency)
        for each in (found.then, found.now)
    )
    by = format_change(found.size, unit, locale=board.locale, currency=board.currency)
    size = f" ({by})" if found.size is not None else ""
    return f"{found.metric.name}: {then} when it was closed, {now} now{size}: {', '.join(found.causes)}."
