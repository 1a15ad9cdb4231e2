"""A panel as a table: what a screen reader reads, a CSV holds and a sheet shows."""

import csv
import io
from dataclasses import dataclass

from dashboard.board.panels import PairPanel, TrendPanel
from dashboard.board.sheet import plain
from dashboard.board.wording import point_text, value_text
from dashboard.units import format_count, format_period


@dataclass(frozen=True)
class Row:
    """One month of one metric, in figures and words; `value` is in the metric's unit, None when missing."""

    metric: str
    name: str
    group: str
    period: str
    period_text: str
    value: float | None
    value_text: str
    n: float | None
    n_text: str
    lower: float | None
    mean: float | None
    upper: float | None
    target: float | None
    status: str
    reading: str


def table(panel: PairPanel | TrendPanel) -> tuple[Row, ...]:
    """Every point of a panel's charts, metric by metric, in order of time."""
    rows = []
    for index, reading in enumerate(panel.readings):
        group = panel.labels[index] if panel.labels else " · ".join(reading.view.member)
        for point in reading.points:
            limits = point.limits if point.limits is not None and not point.limits.trial else None
            rows.append(
                Row(
                    metric=reading.metric.id,
                    name=reading.metric.name,
                    group=group,
                    period=point.period.start.isoformat(),
                    period_text=format_period(point.period, locale=reading.board.locale),
                    value=point.figure.value,
                    value_text=value_text(reading, point.figure.value),
                    n=point.figure.n,
                    n_text=format_count(point.figure.n, locale=reading.board.locale),
                    lower=limits.lower if limits else None,
                    mean=limits.centre if limits else None,
                    upper=limits.upper if limits else None,
                    target=point.target,
                    status=point.figure.status.value,
                    reading=point_text(reading, point),
                )
            )
    return tuple(rows)


def csv_bytes(panel: PairPanel | TrendPanel) -> bytes:
    """A panel's table as CSV, UTF-8 with a byte-order mark so that spreadsheets read it; missing is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = (
        "metric",
        "name",
        "group",
        "period",
        "value",
        "n",
        "lower",
        "mean",
        "upper",
        "target",
        "status",
        "reading",
    )
    writer.writerow(columns)
    for row in table(panel):
        writer.writerow([plain(getattr(row, column)) for column in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
