"""The SQL of each kind of derivation on each dialect, for reading: `--update-golden` records it anew."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.measures.derived_plan import Sources, derived_statements
from dashboard.measures.derived_rows import DerivedRows, derived_rows
from tests.derivations.building import DATASET, company
from tests.derivations.test_bridge_of_spans import DATASETS
from tests.measures.test_golden_sql import DIALECTS, laid_out

TOMORROW = date(2026, 10, 16)
COLUMNS: Mapping[str, Mapping[str, Any]] = {
    "invoices": {
        "day": sa.Date(),
        "customer": sa.String(),
        "amount": sa.Numeric(12, 2),
        "segment": sa.String(),
        "origin": sa.String(),
    },
    "subscriptions": {
        "begun": sa.Date(),
        "ended": sa.Date(),
        "customer": sa.String(),
        "plan": sa.String(),
        "price": sa.Numeric(12, 2),
    },
}
RULES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "bridge": (
        "Each row is laid out as steps into and out of two running values; lines change where they do.",
        {"bridge": {"dataset": "invoices", "value": "sum(amount)", "over": "12 months"}},
    ),
    "bridge_of_spans": (
        "A span enters at its start and leaves at its end, and a window's length later at the opening.",
        {"bridge": {"dataset": "subscriptions", "value": "sum(price)", "over": "1 month", "slices": []}},
    ),
    "cohort": (
        "An entity's first period is a window over its periods; the answer is a triangle of counts.",
        {"cohort": {"dataset": "invoices", "by": "quarter", "value": "sum(amount)"}},
    ),
    "conversion": (
        "Both datasets in one order of time: the least moment seen so far from the end is the next one.",
        {"conversion": {"from": "invoices", "to": "invoices", "within": "90 days", "slices": []}},
    ),
    "frequency": (
        "Periods with a row are counted by entity, and entities by what came of that.",
        {"frequency": {"dataset": "invoices", "every": "week", "value": "sum(amount)"}},
    ),
    "register": (
        "The newest entry of each line and month, and no other row, leaves the source.",
        {
            "register": {
                **{"dataset": "invoices", "line": "customer", "status": "segment"},
                **{"evidence": "origin", "owner": "origin", "done": "amount > 0"},
            }
        },
    ),
    "voices": (
        "Of those who consent, the text with the lowest lot of each group, month and stratum; no other.",
        {
            "voices": {
                **{"dataset": "invoices", "text": "origin", "consent": "amount > 0", "key": "customer"},
                **{"strata": {"little": "amount < 20", "much": "amount >= 20"}, "by": "segment"},
                "score": "amount",
            }
        },
    ),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("rule", RULES)
def test_sql_is_as_recorded(rule: str, dialect: str, golden: Callable[[str, str], None]) -> None:
    why, entry = RULES[rule]
    catalog = company({"derived": entry}, {"invoices": DATASET, **DATASETS})
    derivation = catalog.derivations["derived"]

    def rows(dataset: str) -> DerivedRows:
        return derived_rows(
            catalog,
            catalog.datasets[dataset],
            "customer",
            None,
            cuts=derivation.slices,
            tomorrow=TOMORROW,
            columns=COLUMNS[dataset],
            lookup_columns={},
            dialect=dialect,
        )

    mine = rows(derivation.dataset)
    written = sa.URL.create(dialect).get_dialect()(paramstyle="named")
    statements = [
        laid_out(str(each.select.compile(dialect=written, compile_kwargs={"literal_binds": True})))
        for each in derived_statements(derivation, Sources(mine, mine, TOMORROW))
    ]
    golden(f"sql/derived_{rule}.{dialect}.sql", f"-- {why}\n" + "".join(f"{each};\n" for each in statements))
