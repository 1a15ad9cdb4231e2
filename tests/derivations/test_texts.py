"""Texts picked by rule: as a slow model picks them, on every engine; masked, and of those who consent."""

import hashlib
import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.definitions.derivation import ENTRY, VOICE
from dashboard.measures.frame import Cell, MeasureFrame
from tests.derivations.building import META, company, derived
from tests.engines import Database, duckdb_file

ANSWERS = sa.Table(
    "answers",
    META,
    sa.Column("id", sa.Integer()),
    sa.Column("day", sa.Date()),
    sa.Column("customer", sa.String(20)),
    sa.Column("score", sa.Integer()),
    sa.Column("agrees", sa.Boolean()),
    sa.Column("segment", sa.String(20)),
    sa.Column("said", sa.String(400)),
)
REVIEWS = sa.Table(
    "reviews",
    META,
    sa.Column("step", sa.Integer()),
    sa.Column("day", sa.Date()),
    sa.Column("status", sa.String(20)),
    sa.Column("paper", sa.String(80)),
    sa.Column("owner", sa.String(40)),
)
DATASETS: dict[str, dict[str, Any]] = {
    "answers": {
        "event": "day",
        "entity": "customer",
        "key": "id",
        "dimensions": {"segment": "segment"},
        "measures": {"answers": "count(*)"},
    },
    "reviews": {"event": "day", "measures": {"reviews": "count(*)"}},
}
STRATA = {"unhappy": "score <= 6", "between": "score between 7 and 8", "happy": "score >= 9"}
VOICES: dict[str, Any] = {
    **{"dataset": "answers", "text": "said", "consent": "agrees", "score": "score"},
    **{"strata": STRATA, "by": "segment"},
}
REGISTER = {
    **{"dataset": "reviews", "line": "step", "status": "status", "evidence": "paper"},
    **{"owner": "owner", "done": "status = 'done'"},
}
MINIMUM = 6
WIDE = ("segment", *VOICE)


def random_answers(seed: int, count: int = 240) -> list[dict[str, Any]]:
    draw = random.Random(seed)  # noqa: S311
    return [
        {
            "id": place,
            "day": date(2025, 1, 1) + timedelta(days=draw.randrange(150)),
            "customer": draw.choice([*(f"c{each}" for each in range(40)), None]),
            "score": draw.choice([*range(11), None]),
            "agrees": draw.choice([True, True, False, None]),
            "segment": draw.choice(["Home", "home", "Work", None]),
            "said": draw.choice([f"Text {place}", f"Text {place}", "", "  ", None]),
        }
        for place in range(count)
    ]


def stratum(score: int | None) -> str | None:
    if score is None:
        return None
    return "unhappy" if score <= 6 else "between" if score <= 8 else "happy"


def lot(name: str, key: int) -> str:
    return hashlib.md5(f"{name} {key}".encode(), usedforsecurity=False).hexdigest()


def slow_voices(rows: list[dict[str, Any]], name: str) -> dict[tuple[Any, ...], tuple[float, int]]:
    """(month, segment, stratum, score, text) -> lot as a number, and answers of the segment in the month."""
    known = [row for row in rows if row["customer"] is not None]
    answers = Counter((row["day"].replace(day=1), row["segment"] or "(unknown)") for row in known)
    lowest: dict[tuple[Any, ...], tuple[str, dict[str, Any]]] = {}
    for row in known:
        group = (row["day"].replace(day=1), row["segment"] or "(unknown)")
        of = stratum(row["score"])
        if row["agrees"] and (row["said"] or "").strip() and of and answers[group] >= MINIMUM:
            drawn = lot(name, row["id"])
            if (*group, of) not in lowest or drawn < lowest[*group, of][0]:
                lowest[*group, of] = (drawn, row)
    return {
        (*place, str(row["score"]), row["said"]): (int(drawn[:8], 16), answers[place[:2]])
        for place, (drawn, row) in lowest.items()
    }


def texts_of(frame: MeasureFrame) -> dict[tuple[Any, ...], tuple[float | None, int | None]]:
    return {
        (cell.period.start, *cell.member): (cell.value, cell.n) for cell in frame.cells if cell.slice == WIDE
    }


def of_slice(frame: MeasureFrame, cut: tuple[str, ...]) -> list[Cell]:
    return [cell for cell in frame.cells if cell.slice == cut]


def test_voices_are_those_of_the_slow_model_on_every_engine(database: Database) -> None:
    rows = random_answers(seed=3)
    database.fill(ANSWERS, rows)
    frame = derived(database, company({"said": {"voices": VOICES}}, DATASETS, minimum_group=MINIMUM), "said")
    wanted = slow_voices(rows, "said")
    assert len(wanted) > 20
    assert texts_of(frame) == wanted
    known = [row for row in rows if row["customer"] is not None]
    told = [row for row in known if row["agrees"] and (row["said"] or "").strip()]
    assert sum(cell.value or 0 for cell in of_slice(frame, ())) == len(told)
    assert sum(cell.n or 0 for cell in of_slice(frame, ())) == len(known)
    assert sum(cell.n or 0 for cell in of_slice(frame, ("segment",))) == len(known)


def random_entries(seed: int, count: int = 160) -> list[dict[str, Any]]:
    """No two of a step on one day."""
    draw = random.Random(seed)  # noqa: S311
    days = [(step, day) for step in (*range(9), None) for day in range(300)]
    return [
        {
            "step": step,
            "day": date(2025, 1, 1) + timedelta(days=day),
            "status": draw.choice(["open", "done", None]),
            "paper": draw.choice(["Report", "Minutes", None]),
            "owner": draw.choice(["Owner", None]),
        }
        for step, day in draw.sample(days, count)
    ]


def slow_register(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], tuple[float, int]]:
    """(month, line, status, evidence, owner, day) -> whether it is done, by the newest entry of a month."""
    newest: dict[tuple[int, date], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["day"]):
        if row["step"] is not None:
            newest[row["step"], row["day"].replace(day=1)] = row
    return {
        (
            month,
            str(step),
            *(row[name] or "" for name in ("status", "paper", "owner")),
            row["day"].isoformat(),
        ): (float(row["status"] == "done"), 1)
        for (step, month), row in newest.items()
    }


def test_a_register_is_that_of_the_slow_model_on_every_engine(database: Database) -> None:
    rows = random_entries(seed=3)
    database.fill(REVIEWS, rows)
    frame = derived(database, company({"steps": {"register": REGISTER}}, DATASETS), "steps")
    found = {
        (cell.period.start, *cell.member): (cell.value, cell.n) for cell in frame.cells if cell.slice == ENTRY
    }
    wanted = slow_register(rows)
    assert len(wanted) > 50
    assert found == wanted


def test_another_seed_draws_others_and_the_same_seed_the_same(duckdb_database: Database) -> None:
    duckdb_database.fill(ANSWERS, random_answers(seed=3))
    rules = {"said": {"voices": VOICES}, "heard": {"voices": VOICES}}
    catalog = company(rules, DATASETS, minimum_group=MINIMUM)
    once, again = (texts_of(derived(duckdb_database, catalog, "said")) for _ in range(2))
    assert once == again
    assert once.keys() != texts_of(derived(duckdb_database, catalog, "heard")).keys()


def test_the_order_of_the_rows_draws_nothing(tmp_path: Path) -> None:
    rows = random_answers(seed=4)
    catalog = company({"said": {"voices": VOICES}}, DATASETS, minimum_group=MINIMUM)
    found = []
    for order in (rows, rows[::-1]):
        database = duckdb_file(tmp_path)
        database.fill(ANSWERS, order)
        found.append(texts_of(derived(database, catalog, "said")))
    assert found[0] == found[1]


def test_who_withdraws_consent_is_heard_no_more_however_long_ago_it_was(duckdb_database: Database) -> None:
    rows = random_answers(seed=5)
    catalog = company({"said": {"voices": VOICES}}, DATASETS, minimum_group=MINIMUM)
    duckdb_database.fill(ANSWERS, rows)
    month, *_, text = min(texts_of(derived(duckdb_database, catalog, "said")))
    duckdb_database.run(f"UPDATE answers SET agrees = false WHERE said = '{text}'")
    frame = derived(duckdb_database, catalog, "said", since=date(2025, 5, 31))
    assert frame.since is None
    found = texts_of(frame)
    assert text not in {place[-1] for place in found}
    assert any(place[0] == month for place in found)


def test_texts_are_masked_before_they_leave_the_measures(duckdb_database: Database) -> None:
    said = "Write to jo@example.com or call 020 123 4567. " + "It was very long. " * 30
    row = {"id": 1, "day": date(2025, 1, 2), "customer": "c", "score": 3, "agrees": True, "segment": "Home"}
    duckdb_database.fill(ANSWERS, [row | {"said": said}])
    [text] = (place[-1] for place in texts_of(_one(duckdb_database)))
    assert text.startswith("Write to [e-mail] or call [number]. It was very long.")
    assert len(text) <= 240


def test_a_text_of_signs_alone_is_no_text(duckdb_database: Database) -> None:
    row = {"id": 1, "day": date(2025, 1, 2), "customer": "c", "score": 3, "agrees": True, "segment": "Home"}
    duckdb_database.fill(ANSWERS, [row | {"said": "\u200b"}])
    assert texts_of(_one(duckdb_database)) == {}


def _one(database: Database) -> MeasureFrame:
    return derived(database, company({"said": {"voices": VOICES}}, DATASETS), "said")


def test_the_newest_entry_of_each_line_and_month_on_every_engine(database: Database) -> None:
    def entry(step: int | None, day: date, status: str, paper: str | None) -> dict[str, Any]:
        return {"step": step, "day": day, "status": status, "paper": paper, "owner": "Owner"}

    database.fill(
        REVIEWS,
        [
            entry(1, date(2025, 1, 5), "open", None),
            entry(1, date(2025, 1, 20), "done", "Report"),
            entry(1, date(2025, 3, 1), "open", None),
            entry(2, date(2025, 1, 7), "done", "A"),
            entry(2, date(2025, 1, 7), "done", "B"),
            entry(None, date(2025, 1, 7), "done", "Nobody's"),
        ],
    )
    frame = derived(database, company({"steps": {"register": REGISTER}}, DATASETS), "steps")
    found = {(cell.period.start, *cell.member): cell.value for cell in frame.cells if cell.slice == ENTRY}
    assert found == {
        (date(2025, 1, 1), "1", "done", "Report", "Owner", "2025-01-20"): 1,
        (date(2025, 3, 1), "1", "open", "", "Owner", "2025-03-01"): 0,
        (date(2025, 1, 1), "2", "done", "B", "Owner", "2025-01-07"): 1,
    }
    assert frame.since is None


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("voices", {"consent": "agrees and score > 2"}),
        ("voices", {"strata": {**STRATA, "happy": "score >= 10"}}),
        ("voices", {"strata": {"sad": STRATA["unhappy"], **STRATA}}),
        ("voices", {"score": None}),
        ("voices", {"by": []}),
        ("voices", {"key": "customer"}),
        ("register", {"done": "status <> 'open'"}),
        ("register", {"evidence": "owner"}),
    ],
)
def test_a_rule_that_is_changed_is_another_version(rule: str, changed: dict[str, Any]) -> None:
    entry = {**(VOICES if rule == "voices" else REGISTER), **changed}
    entry = {key: value for key, value in entry.items() if value is not None}
    before = company({"one": {rule: VOICES if rule == "voices" else REGISTER}}, DATASETS)
    after = company({"one": {rule: entry}}, DATASETS)
    assert before.measure("one.texts").version != after.measure("one.texts").version


def test_another_minimum_of_a_group_is_another_version() -> None:
    few, many = (company({"one": {"voices": VOICES}}, DATASETS, minimum_group=each) for each in (5, 10))
    assert few.measure("one.texts").version != many.measure("one.texts").version
