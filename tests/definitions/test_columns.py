"""The online check: columns that are missing or hold something else, at their place in the YAML."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from dashboard.definitions.columns import check_columns
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog

SMALL = Path(__file__).parent.parent / "configurations" / "small"

REAL: Mapping[str, Mapping[str, str]] = {
    "customers": {"customer_id": "number", "segment": "text"},
    "orders": {
        "order_id": "number",
        "customer_id": "number",
        "ordered_at": "timestamp",
        "amount": "number",
        "status": "text",
        "channel": "text",
        "returned_on": "date",
    },
    "answers": {"customer_id": "number", "answered_on": "date", "score": "number"},
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(SMALL, sources={"shop": ""})


def told(catalog: Catalog, **changes: Mapping[str, str | None]) -> list[str]:
    """The problems where some columns are of another type, or missing (None)."""
    columns = {
        name: {column: kind for column, kind in {**real, **changes.get(name, {})}.items() if kind is not None}
        for name, real in REAL.items()
    }
    return [str(problem) for problem in check_columns(catalog, columns)]


def test_what_fits_is_no_problem(catalog: Catalog) -> None:
    assert told(catalog) == []


def test_a_missing_column_is_told_wherever_it_is_used(catalog: Catalog) -> None:
    assert told(catalog, answers={"score": None, "scores": "number"}) == [
        "datasets/answers.yaml:8:18: The dataset 'answers' has no column 'score'. Did you mean 'scores'?",
        "datasets/answers.yaml:9:37: The dataset 'answers' has no column 'score'. Did you mean 'scores'?",
        "datasets/answers.yaml:10:38: The dataset 'answers' has no column 'score'. Did you mean 'scores'?",
    ]


def test_another_case_is_another_column(catalog: Catalog) -> None:
    assert told(catalog, orders={"amount": None, "Amount": "number", "amounts": "number"}) == [
        "datasets/orders.yaml:13:16: The dataset 'orders' has no column 'amount'. Did you mean 'Amount'?"
    ]


def test_the_key_of_a_look_up_and_its_columns(catalog: Catalog) -> None:
    problems = told(catalog, customers={"customer_id": None, "segment": None, "size": "text"})
    assert problems == [
        "datasets/answers.yaml:5:23: The dataset 'customers' has no column 'segment'. Known: size.",
        "datasets/customers.yaml:3:9: The dataset 'customers' has no column 'customer_id'. Known: size.",
        "datasets/orders.yaml:8:23: The dataset 'customers' has no column 'segment'. Known: size.",
    ]
    assert told(catalog, answers={"customer_id": None}) == [
        "datasets/answers.yaml:4:22: The dataset 'answers' has no column 'customer_id'. "
        "Known: answered_on, score."
    ]


@pytest.mark.parametrize("kind", ["text", "date", "timestamp", "boolean"])
def test_a_sum_needs_numbers(catalog: Catalog, kind: str) -> None:
    held = {"text": "a text", "date": "a date", "timestamp": "a time", "boolean": "true or false"}[kind]
    assert told(catalog, orders={"amount": kind}) == [
        f"datasets/orders.yaml:13:16: The column 'amount' holds {held}, where sum takes a number. "
        "Name another column, or cast it in a query."
    ]


@pytest.mark.parametrize("kind", ["text", "number", "boolean"])
def test_an_event_needs_a_time(catalog: Catalog, kind: str) -> None:
    held = {"text": "a text", "number": "a number", "boolean": "true or false"}[kind]
    assert told(catalog, answers={"answered_on": kind}) == [
        f"datasets/answers.yaml:3:8: The column 'answered_on' holds {held}, where event takes "
        "a date or time. Name another column, or cast it in a query."
    ]


def test_a_text_may_be_a_time_where_the_engine_has_no_type_for_it(catalog: Catalog) -> None:
    columns = {**REAL, "answers": {**REAL["answers"], "answered_on": "text"}}
    assert check_columns(catalog, columns, untyped={"answers"}) == ()
    columns = {**REAL, "answers": {**REAL["answers"], "answered_on": "number"}}
    assert len(check_columns(catalog, columns, untyped={"answers"})) == 1


def test_a_comparison_tells_what_it_needs(catalog: Catalog) -> None:
    assert told(catalog, answers={"score": "text"}) == [
        "datasets/answers.yaml:9:37: The column 'score' holds a text, where >= with a number "
        "takes a number. Name another column, or cast it in a query.",
        "datasets/answers.yaml:10:38: The column 'score' holds a text, where <= with a number "
        "takes a number. Name another column, or cast it in a query.",
    ]
    assert told(catalog, orders={"status": "number"}) == [
        "datasets/orders.yaml:6:8: The column 'status' holds a number, where <> with 'cancelled' takes "
        "a text. Name another column, or cast it in a query."
    ]


@pytest.mark.parametrize("kind", ["date", "timestamp"])
@pytest.mark.parametrize("written", ["31-12-2025", "2025-02-30", "soon"])
def test_a_text_that_is_no_date_beside_a_column_of_dates(tmp_path: Path, kind: str, written: str) -> None:
    shutil.copytree(SMALL, tmp_path / "small")
    orders = tmp_path / "small" / "datasets" / "orders.yaml"
    orders.write_text(orders.read_text().replace("status <> 'cancelled'", f"returned_on >= '{written}'"))
    edited = load_catalog(tmp_path / "small", sources={"shop": ""})
    held = {"date": "a date", "timestamp": "a time"}[kind]
    assert told(edited, orders={"returned_on": kind}) == [
        f"datasets/orders.yaml:6:8: The column 'returned_on' holds {held}, where >= with '{written}' takes "
        "a text. Write a date as '2026-04-30' or '2026-04-30 18:00'."
    ]
    assert told(edited, orders={"returned_on": "text"}) == []


def test_a_date_that_is_one_fits_a_column_of_dates_and_one_of_texts(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path / "small")
    orders = tmp_path / "small" / "datasets" / "orders.yaml"
    orders.write_text(
        orders.read_text().replace("status <> 'cancelled'", "returned_on >= '2025-12-31 18:00'")
    )
    edited = load_catalog(tmp_path / "small", sources={"shop": ""})
    for kind in ("date", "timestamp", "text"):
        assert told(edited, orders={"returned_on": kind}) == []


def test_an_unknown_type_is_never_refused(catalog: Catalog) -> None:
    other = {name: dict.fromkeys(real, "other") for name, real in REAL.items()}
    assert check_columns(catalog, other) == ()


def test_a_source_that_does_not_answer_is_not_checked(catalog: Catalog) -> None:
    assert check_columns(catalog, {}) == ()
    assert len(check_columns(catalog, {"orders": {"x": "text"}})) == 9
