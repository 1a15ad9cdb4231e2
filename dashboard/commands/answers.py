"""Answers as CSV, as JSON, or as a table for a person; the same rows in each."""

import csv
import io
import json
from collections.abc import Sequence

from dashboard.board.sheet import plain
from dashboard.commands.asking import Answer, Question
from dashboard.commands.layout import aligned
from dashboard.definitions.model import Board
from dashboard.units import format_count, format_period, format_value

FORMATS = ("table", "csv", "json")


def written(form: str, board: Board, question: Question, answers: Sequence[Answer]) -> str:
    """The answers in one of FORMATS."""
    if form == "table":
        return as_table(board, question, answers)
    return as_csv(question, answers) if form == "csv" else as_json(question, answers)


def as_csv(question: Question, answers: Sequence[Answer]) -> str:
    """`metric,period,<slice>,value,n,status`; the period is its first day, a missing value an empty field."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_columns(question))
    for answer in answers:
        writer.writerow([plain(cell) for cell in _cells(answer)])
    return out.getvalue()


def as_json(question: Question, answers: Sequence[Answer]) -> str:
    """A list of objects with the columns of the CSV; a missing value is null."""
    columns = _columns(question)
    rows = [json.dumps(dict(zip(columns, _cells(each), strict=True)), ensure_ascii=False) for each in answers]
    return "[\n  " + ",\n  ".join(rows) + "\n]\n" if rows else "[]\n"


def as_table(board: Board, question: Question, answers: Sequence[Answer]) -> str:
    """Aligned columns, figures written as the board reads them, and the reason where one is in doubt."""
    head = ["metric", "period", *question.slice, "value", "n", "status"]
    rows = [head]
    for answer in answers:
        figure, metric = answer.figure, answer.metric
        rows.append(
            [
                metric.id,
                format_period(figure.period, locale=board.locale),
                *answer.member,
                format_value(figure.value, metric.unit, locale=board.locale, currency=board.currency),
                format_count(figure.n, locale=board.locale) if figure.n is not None else "",
                figure.status.value + (f": {figure.reason}" if figure.reason else ""),
            ]
        )
    return aligned(rows, {len(head) - 3, len(head) - 2})


def _columns(question: Question) -> tuple[str, ...]:
    return ("metric", "period", *question.slice, "value", "n", "status")


def _cells(answer: Answer) -> tuple[str | float | None, ...]:
    figure = answer.figure
    n = int(figure.n) if figure.n is not None and float(figure.n).is_integer() else figure.n
    return (
        answer.metric.id,
        figure.period.start.isoformat(),
        *answer.member,
        figure.value,
        n,
        figure.status.value,
    )
