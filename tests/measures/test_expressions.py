"""Every operator and function has one meaning, whatever the engine makes of its name."""

from datetime import date

import sqlalchemy as sa

from tests.engines import Database
from tests.measures.building import at, measured, values

FACTS = sa.Table(
    "facts",
    sa.MetaData(),
    sa.Column("on", sa.Date()),
    sa.Column("a", sa.Integer()),
    sa.Column("b", sa.Integer()),
    sa.Column("x", sa.Double()),
    sa.Column("price", sa.Numeric(10, 3, asdecimal=False)),
    sa.Column("name", sa.String(40)),
    sa.Column("flag", sa.Boolean()),
    sa.Column("opened", sa.DateTime()),
    sa.Column("closed", sa.DateTime()),
    sa.Column("due", sa.Date()),
)
ROWS = [
    {
        "on": date(2026, 4, 1),
        "a": 7,
        "b": 2,
        "x": 2.5,
        "price": 2.675,
        "name": "Ann%_x",
        "flag": True,
        "opened": at("2026-01-31 23:59:59"),
        "closed": at("2026-02-01 00:00:01"),
        "due": date(2026, 2, 2),
    },
    {
        "on": date(2026, 4, 2),
        "a": -7,
        "b": 0,
        "x": -2.5,
        "price": 1.005,
        "name": "anna",
        "flag": False,
        "opened": at("2024-02-28 12:00"),
        "closed": at("2024-03-01 11:00"),
        "due": date(2024, 2, 29),
    },
    {
        "on": date(2026, 4, 3),
        "a": None,
        "b": 3,
        "x": 0.5,
        "price": None,
        "name": None,
        "flag": None,
        "opened": at("2025-12-28 10:30"),  # a Sunday
        "closed": None,
        "due": None,
    },
]
SUMS = {
    "a / b": 3.5,  # true division; by zero it is null, and adds nothing
    "a % b": 1,  # 7 % 2; -7 % 0 is null
    "a % 4": 0,  # 3 and -3: the sign of the first
    "x % 2": 0.5,
    "a + b * 2 - 1": 7 + 4 - 1 - 7 - 1,
    "-a + 10": 20,
    "abs(a)": 14,
    "round(x)": 1,  # 3, -3 and 1: halves go away from zero
    "round(price, 2)": 2.68 + 1.01,
    "round(a / 3, 1)": 0,
    "coalesce(a, 100)": 100,
    "nullif(a, 7)": -7,
    "case when a > 0 then 10 when a < 0 then 1 end": 11,
    "case when name is null then 1 else 0 end": 1,
    "case when flag then b else 5 end": 2 + 5 + 5,
    "datediff(minute, opened, closed)": 1 + (2 * 1440 - 60),
    "datediff(hour, opened, closed)": 1 + 47,
    "datediff(day, opened, closed)": 1 + 2,
    "datediff(day, due, closed)": -1 + 1,
    "datediff(week, opened, closed)": 0,  # 31 January 2026 is a Saturday, 28 February 2024 a Wednesday
    "datediff(week, opened, due)": 1,  # 2 February 2026 is a Monday
    "datediff(month, opened, closed)": 1 + 1,
    "datediff(year, opened, due)": 0,
}
COUNTS = {
    "name like 'Ann%'": 1,  # case matters
    "name like '%\\_x'": 0,  # nothing escapes: a backslash is a backslash
    "name like 'ann_'": 1,
    "name like 'Ann*'": 0,
    "name like '%[%]%'": 0,
    "lower(name) like 'ann%'": 2,
    "not name like 'Ann%'": 1,  # of null nothing is known
    "name = 'ANNA'": 0,
    "name = 'anna '": 0,
    "name in ('anna', 'x''y')": 1,
    "a in (7, 8)": 1,
    "not a in (7, 8)": 1,
    "a between -7 and 6": 1,
    "price between 1 and 2.675": 2,
    "a = 7 or b = 3": 2,
    "a = 7 and not flag": 0,
    "a <> 7": 1,
    "a is null": 1,
    "a is not null and b <> 0": 1,
    "flag": 1,
    "not flag": 1,
    "flag = false": 1,
    "opened >= '2026-01-01'": 1,
    "opened = '2025-12-28 10:30'": 1,
    "opened between '2024-01-01' and '2025-12-31'": 2,
    "due < '2024-03-01'": 1,
    "due = '2024-02-29'": 1,
    "due in ('2024-02-29', '2026-02-02')": 2,
    "closed < opened": 0,
    "due > opened": 2,
}


def test_operators_mean_the_same_on_every_engine(database: Database) -> None:
    database.fill(FACTS, ROWS)
    sums = {f"sum_{place}": text for place, text in enumerate(SUMS)}
    counts = {f"count_{place}": text for place, text in enumerate(COUNTS)}
    measures = {name: f"sum({text})" for name, text in sums.items()}
    measures |= {name: f"count(*) filter (where {text})" for name, text in counts.items()}
    frame = measured(database, {"facts": {"event": "on", "measures": measures}}, zone="UTC")
    found = {text: values(frame, name) for name, text in (sums | counts).items()}
    wanted = {text: {"2026-04": value} for text, value in (SUMS | COUNTS).items()}
    unlike = {text: (found[text], wanted[text]) for text in wanted if not _near(found[text], wanted[text])}
    assert unlike == {}


def _near(found: dict[object, float | None], wanted: dict[str, float]) -> bool:
    value = found.get("2026-04")
    return len(found) == 1 and value is not None and abs(value - wanted["2026-04"]) < 1e-9
