"""`boardseat restatements`: what differs now from what was closed, as a table, CSV or JSON."""

import csv
import io
import json
from collections.abc import Sequence

import click

from dashboard.board.masking import read_masked
from dashboard.board.sheet import plain
from dashboard.commands.answers import FORMATS
from dashboard.commands.layout import aligned
from dashboard.commands.place import Place, with_place
from dashboard.definitions.model import Board, Catalog
from dashboard.errors import UnknownNameError
from dashboard.ledger.closes import Close
from dashboard.ledger.restating import Restatement, restated_line, restatements
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.units import format_change, format_value

COLUMNS = ("period", "metric", "closed", "now", "difference", "cause", "rows", "run")


@click.command("restatements")
@click.argument("period", metavar="[PERIOD]", required=False)
@with_place
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def restated(place: Place, period: str | None, form: str) -> None:
    """List the figures of closed periods that are known otherwise now, and why.

    PERIOD is a month as 2026-06, a fiscal quarter as 2026-Q2 or a fiscal year as 2026 that has been closed;
    without it, all are looked at. Columns of CSV and JSON: period, metric, the closed value, the value now,
    the difference, its likely cause, by how many rows its data has grown, and the run that was closed.
    """
    deployment = place.deployment()
    catalog = deployment.catalog
    metrics = tuple(catalog.metrics.values())
    with Ledger(deployment.ledger_url) as ledger:
        mask = read_masked(catalog, ledger, metrics, ((),), scope=EVERYTHING, restated=True).mask
        found = [
            each
            for close in _closes(catalog, ledger, period)
            for each in restatements(catalog, ledger, close, scope=EVERYTHING, mask=mask)
        ]
    click.echo(_written(form, catalog.board, found), nl=False)


def _closes(catalog: Catalog, ledger: Ledger, period: str | None) -> tuple[Close, ...]:
    standing = ledger.closes.standing()
    if period is None:
        return tuple(sorted(standing, key=lambda close: close.period))
    calendar = catalog.board.calendar
    asked = calendar.parse(period)
    found = tuple(close for close in standing if close.period == asked)
    if not found:
        raise UnknownNameError(
            f"{calendar.code(asked)} is not closed. Close it with boardseat close {calendar.code(asked)}."
        )
    return found


def _written(form: str, board: Board, found: Sequence[Restatement]) -> str:
    if form == "table":
        return _as_table(board, found)
    rows = [_cells(each) for each in found]
    if form == "json":
        objects = [json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) for row in rows]
        return "[\n  " + ",\n  ".join(objects) + "\n]\n" if objects else "[]\n"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cells(each: Restatement) -> tuple[str | float | None, ...]:
    values = (each.then.value, each.now.value, each.size)
    return (each.close.name, each.metric.id, *values, _causes(each), each.rows, each.close.run)


def _as_table(board: Board, found: Sequence[Restatement]) -> str:
    line = f"{restated_line(found)}.\n"
    if not found:
        return line
    rows: list[tuple[str, ...]] = [COLUMNS]
    for each in found:
        unit, how = each.metric.unit, {"locale": board.locale, "currency": board.currency}
        rows.append(
            (
                each.close.name,
                each.metric.id,
                format_value(each.then.value, unit, **how),
                format_value(each.now.value, unit, **how),
                format_change(each.size, unit, **how),
                _causes(each),
                f"{each.rows:+d}" if each.rows else "",
                str(each.close.run),
            )
        )
    return aligned(rows, {2, 3, 4, 6, 7}) + line


def _causes(each: Restatement) -> str:
    return ", ".join(each.causes)
