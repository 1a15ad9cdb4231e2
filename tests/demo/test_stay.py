"""How long customers stay, by what they said and whether they complained: by hand, and alike as planted."""

from datetime import date

import duckdb
import pytest

from dashboard.board.desk import Desk
from dashboard.board.panels import ExhibitPanel
from dashboard.board.survival_exhibits import survival
from dashboard.board.view import View
from dashboard.periods import Grain
from tests.demo.kpis import Measured

BY_HAND = """
WITH told AS (
    SELECT customer_key, answered_at, score,
        row_number() OVER (PARTITION BY customer_key ORDER BY answered_at) AS place
    FROM survey_response WHERE question_key = 'csat_overall'
)
SELECT CASE WHEN score > 3 THEN 'Satisfied (4 and 5)' WHEN score < 3 THEN 'Dissatisfied (1 and 2)'
        ELSE 'Neither (3)' END AS band,
    count(*),
    count(*) FILTER (WHERE EXISTS (
        FROM customer_month AS gone WHERE gone.customer_key = told.customer_key AND gone.status = 'lost'
            AND gone.month > CAST(timezone('Europe/Amsterdam', told.answered_at) AS DATE)))
FROM told WHERE place = 1 AND customer_key IS NOT NULL GROUP BY 1
"""


COMPLAINED = """
WITH first AS (
    SELECT customer_key, timezone('Europe/Amsterdam', min(received_at))::DATE AS day
    FROM complaint WHERE customer_key IS NOT NULL GROUP BY 1
)
SELECT 'Complained', count(*), count(*) FILTER (WHERE EXISTS (
    FROM customer_month AS gone WHERE gone.customer_key = first.customer_key AND gone.status = 'lost'
        AND gone.month > first.day))
FROM first
"""


def curves(whole: Measured, derivation: str) -> ExhibitPanel:
    desk = Desk(whole.catalog, whole.book, View(Grain.QUARTER, date(2026, 9, 1)), date(2026, 10, 15))
    panel = survival(desk, "stay", whole.catalog.derivations[derivation], ("band",))
    assert isinstance(panel, ExhibitPanel)
    return panel


def by_hand(whole: Measured, statement: str) -> dict[str, tuple[float, float]]:
    """How many were followed, and how many of them left, by band."""
    with duckdb.connect(str(whole.company), read_only=True) as connection:
        return {band: (told, gone) for band, told, gone in connection.execute(statement).fetchall()}


def followed(panel: ExhibitPanel) -> dict[str, tuple[float, float]]:
    """The same, as the table of the curves says it."""
    found: dict[str, tuple[float, float]] = {}
    for label, _, at_risk, lost, *_ in panel.sheet.rows:
        told, gone = found.get(label.text, (at_risk.value or 0.0, 0.0))
        found[label.text] = told, gone + (lost.value or 0.0)
    return found


@pytest.mark.slow
def test_content_customers_stay_no_longer_and_the_page_says_so(whole: Measured) -> None:
    panel = curves(whole, "stay_by_satisfaction")
    assert panel.sentence.startswith("The groups stay alike, as far as can be told: ")
    assert followed(panel) == by_hand(whole, BY_HAND)


@pytest.mark.slow
def test_who_complains_is_followed_beside_as_many_who_are_alike_and_stays_as_long(whole: Measured) -> None:
    panel = curves(whole, "stay_after_complaint")
    found = followed(panel)
    assert found["Complained"] == by_hand(whole, COMPLAINED)["Complained"]
    assert found["Had not complained"][0] == found["Complained"][0]
    assert panel.sentence.startswith("The groups stay alike, as far as can be told: ")
