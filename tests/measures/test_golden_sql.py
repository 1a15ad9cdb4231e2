"""The SQL of each kind of measure on each dialect, for reading: `pytest --update-golden` records it anew."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from dashboard.measures.plan import plan
from tests.measures.building import catalog

DIALECTS = ("duckdb", "mysql", "postgresql", "sqlite")
NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
SINCE = date(2025, 9, 1)
CUSTOMERS = {"id": sa.String(), "region": sa.String()}


@dataclass(frozen=True)
class Case:
    """Why the SQL is as it is, and the dataset and columns that it is written for."""

    why: str
    measures: Mapping[str, object]
    more: Mapping[str, Any] = field(default_factory=dict)
    at: sa.types.TypeEngine[Any] = field(default_factory=sa.Date)
    fiscal_year_start: int = 1
    since: date | None = SINCE


SPAN: Mapping[str, Any] = {"event": None, "span": {"start": "at", "end": "closed_on"}}


CASES = {
    "by_slice": Case(
        "Rows are read once and grouped as finely as any slice needs; the slices are cut out of that.",
        {"answers": "count(*)", "mean_score": "avg(score)"},
        {
            "dimensions": {"segment": "segment", "paid": "paid"},
            "slices": ["segment", ["segment", "paid"]],
        },
    ),
    "filter": Case(
        "Conditions stand inside the aggregates, so that measures share a reading and their equal parts.",
        {
            "answers": "count(*)",
            "promoters": "count(*) filter (where score >= 9)",
            "won": "sum(amount) filter (where score >= 9)",
        },
        {"where": "not paid"},
    ),
    "everything": Case(
        "Asking everything leaves no lower bound; rows after today are one group, that they may be counted.",
        {"answers": "count(*)"},
        since=None,
    ),
    "look_up": Case(
        "A look-up is a LEFT JOIN, so no row is dropped; a member that is missing is (unknown).",
        {"answers": "count(*)"},
        {
            "lookups": {"customers": "customer"},
            "dimensions": {"region": "customers.region"},
            "slices": ["region"],
        },
    ),
    "zone": Case(
        "A moment falls into the month of the company's clocks; bounds compare the bare column.",
        {"answers": "count(*)"},
        at=sa.DateTime(timezone=True),
    ),
    "distinct": Case(
        "An item is looked at once a month, beside those before and after: sums that add up to spans.",
        {
            "customers": "count(distinct customer)",
            "happy": "count(distinct customer) filter (where score >= 9)",
        },
        {"dimensions": {"segment": "segment"}, "slices": ["segment"]},
        fiscal_year_start=4,
    ),
    "percentile": Case(
        "Bands of values are spread over spans; then the asked ranks are read off the values of their bands.",
        {"middle": "median(amount)", "p90": "percentile(amount, 0.9)"},
        fiscal_year_start=4,
    ),
    "stock": Case(
        "Starts and ends are added up by month in one reading; the total is run over that small answer.",
        {
            "contracts": {"value": "count(*)", "at": "close"},
            "revenue": {"value": "sum(amount) filter (where paid)", "at": "open"},
            "joined": {"value": "count(*)", "at": "start"},
        },
        {**SPAN, "dimensions": {"segment": "segment"}, "slices": ["segment"]},
    ),
    "standing": Case(
        "Of each span counts the part that no earlier span of the customer covers, so parts never overlap.",
        {"customers": {"value": "count(distinct customer)", "at": "close"}},
        {**SPAN, "dimensions": {"segment": "segment"}, "slices": ["segment"]},
    ),
    "snapshot": Case(
        "Rows are grouped by day once; of each month the newest day is taken, for all members alike.",
        {"answers": "count(*)", "amount": "sum(amount)"},
        {"event": None, "snapshot": "at", "dimensions": {"segment": "segment"}, "slices": ["segment"]},
    ),
    "snapshot_exact": Case(
        "What is counted or ranked is asked of the rows of each month's newest day alone.",
        {"customers": "count(distinct customer)", "middle": "median(amount)"},
        {"event": None, "snapshot": "at", "where": "paid"},
    ),
    "distinct_looked_up": Case(
        "Where the member follows from what is counted, slices are cut out of the counts.",
        {"customers": "count(distinct customer)"},
        {
            "lookups": {"customers": "customer"},
            "dimensions": {"region": "customers.region"},
            "slices": ["region"],
        },
    ),
    "operators": Case(
        "Each operator is written so that it means the same on every engine.",
        {
            "ratio": "sum(score / amount)",
            "rest": "sum(score % 3)",
            "rounded": "sum(round(amount, 1))",
            "days": "sum(datediff(day, at, closed))",
            "weeks": "sum(datediff(week, at, closed))",
            "hours": "sum(datediff(hour, opened, closed))",
            "likes": "count(*) filter (where lower(segment) like 'home%')",
            "late": "count(*) filter (where closed >= '2026-01-01' and segment in ('a', 'b'))",
        },
    ),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", CASES)
def test_sql_is_as_recorded(case: str, dialect: str, golden: Callable[[str, str], None]) -> None:
    told = CASES[case]
    written = sa.URL.create(dialect).get_dialect()(paramstyle="named")
    statements = [
        str(statement.select.compile(dialect=written, compile_kwargs={"literal_binds": True}))
        for statement in planned(told, dialect)
    ]
    golden(
        f"sql/{case}.{dialect}.sql", f"-- {told.why}\n" + "".join(f"{laid_out(sql)};\n" for sql in statements)
    )


def planned(case: Case, dialect: str) -> tuple[Any, ...]:
    """The statements of a case; those that only ask for the pulse are left out."""
    entries = {
        "answers": {"event": "at", "measures": dict(case.measures), **case.more},
        "customers": {"key": "id"},
    }
    entries["answers"] = {key: value for key, value in entries["answers"].items() if value is not None}
    known = catalog(entries, fiscal_year_start=case.fiscal_year_start)
    instant = isinstance(case.at, sa.DateTime) and dialect == "mysql"
    columns = {
        "at": mysql.TIMESTAMP() if instant else case.at,
        "opened": sa.DateTime(),
        "closed": sa.DateTime(),
        "closed_on": sa.Date(),
        "customer": sa.String(),
        "segment": sa.String(),
        "score": sa.Integer(),
        "amount": sa.Numeric(12, 2),
        "paid": sa.Boolean(),
    }
    dataset = known.datasets["answers"]
    made = plan(
        known,
        dataset,
        since=case.since,
        now=NOW,
        columns=columns,
        lookup_columns=dict.fromkeys(dataset.lookups, CUSTOMERS),
        dialect=dialect,
    )
    return tuple(statement for statement in made.statements if statement.measures)


CLAUSES = "FROM|LEFT OUTER JOIN|INNER JOIN|WHERE|GROUP BY|UNION ALL"
TOKENS = re.compile(rf"'[^']*'|\(SELECT\b|[()]| (?:{CLAUSES})(?= )|[^'() ]+| ")


def laid_out(sql: str) -> str:
    """The same text with a line for each clause and sub-queries indented; white space alone is changed."""
    lines, line, brackets = [], "", ["query"]

    def end_line(text: str) -> None:
        lines.append("    " * (brackets.count("query") - 1) + text.strip())

    for token in TOKENS.findall(" ".join(sql.split())):
        clause = brackets[-1] == "query" and token.strip() in CLAUSES.split("|")
        if token == "(SELECT":
            end_line(f"{line}(")
            brackets.append("query")
            line = "SELECT"
        elif clause:
            end_line(line)
            line = token
        elif token == ")" and brackets.pop() == "query":
            lines.append("    " * brackets.count("query") + line.strip())
            line = token
        else:
            brackets += ["bracket"] if token == "(" else []
            line += token
    return "\n".join([*lines, line.strip()])
