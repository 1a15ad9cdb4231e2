"""How long customers stay by what they said when first asked: counted by hand, and alike as planted."""

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


@pytest.mark.slow
def test_content_customers_stay_no_longer_and_the_page_says_so(whole: Measured) -> None:
    desk = Desk(whole.catalog, whole.book, View(Grain.QUARTER, date(2026, 9, 1)), date(2026, 10, 15))
    panel = survival(desk, "stay", whole.catalog.derivations["stay_by_satisfaction"], ("band",))
    assert isinstance(panel, ExhibitPanel)
    assert panel.sentence.startswith("The groups stay alike, as far as can be told: ")
    with duckdb.connect(str(whole.company), read_only=True) as connection:
        wanted = {band: (told, gone) for band, told, gone in connection.execute(BY_HAND).fetchall()}
    found: dict[str, tuple[float, float]] = {}
    for label, _, at_risk, lost, *_ in panel.sheet.rows:
        told, gone = found.get(label.text, (at_risk.value or 0.0, 0.0))
        found[label.text] = told, gone + (lost.value or 0.0)
    assert found == wanted
