"""The accounts as tables: actuals, the year before, the plan and the forecast of the fiscal year."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import euro, labelled, loads, money
from dashboard.demo.finance import ENTITIES, GROUP, Account
from dashboard.demo.timeline import FIRST_MONTH, MONTHS, Bools, Ints

YEAR_END = MONTHS + 6  # the fiscal year of the last month ends with March: six months ahead
_YEAR_START = 54  # April 2026
_PLANNED_GROWTH = 1.03
_SCENARIOS = ("AC", "PY", "PL", "FC")


def plan(cents: Ints) -> Ints:
    """The budget, shape (4, 66): three per cent on the year before; the first half-year has its own mean."""
    made = np.empty((len(cents), YEAR_END), np.int64)
    made[:, :6] = np.rint(cents[:, :6].mean(axis=1, keepdims=True))
    for start in range(6, YEAR_END, 12):
        basis = cents[:, max(start - 12, 0) : start].mean(axis=1, keepdims=True)
        made[:, start : start + 12] = np.rint(basis * _PLANNED_GROWTH)
    return made


def forecast(cents: Ints) -> Ints:
    """The rest of the fiscal year, shape (4, 6): a year before, times the growth of the last half-year."""
    year_ago = cents[:, MONTHS - 12 : MONTHS - 6]
    grown = cents[:, _YEAR_START:].sum(axis=1) / np.maximum(
        cents[:, _YEAR_START - 12 : MONTHS - 12].sum(axis=1), 1
    )
    ahead: Ints = np.rint(year_ago * np.clip(grown, 0.5, 2.0)[:, None]).astype(np.int64)
    return ahead


def financial_table(accounts: Sequence[Account]) -> pa.Table:
    """A row per month, entity, account and scenario.

    AC and PL have 60 months (PL six more), PY the 48 that have a year before them in the data, and FC the
    fiscal year 2026/27: actuals so far, and then what is expected.
    """
    tables = []
    for account in accounts:
        used: Bools = np.asarray(account.cents.any(axis=1))
        if not used.any():
            used[GROUP] = True
        actual = account.cents
        expected = np.hstack([actual[:, _YEAR_START:], forecast(actual)])
        for scenario, first, cents in (
            ("AC", 0, actual),
            ("PY", 12, actual[:, :-12]),
            ("PL", 0, plan(actual)),
            ("FC", _YEAR_START, expected),
        ):
            tables.append(_rows(account, scenario, first, cents, np.flatnonzero(used)))
    return pa.concat_tables(tables)


def _rows(account: Account, scenario: str, first: int, cents: Ints, entities: Ints) -> pa.Table:
    entity = np.repeat(entities, cents.shape[1])
    month = np.tile(np.arange(cents.shape[1]), len(entities))
    count = len(month)
    return pa.table(
        {
            "month": (FIRST_MONTH + month + first).astype("M8[D]"),
            "entity": labelled(entity, ENTITIES).cast(pa.string()),
            "account": [account.name] * count,
            "scenario": [scenario] * count,
            "amount": money(cents[entity, month]),
            "currency": euro(count).cast(pa.string()),
            "account_group": [account.group] * count,
            "source_load_id": labelled(np.minimum(month + first, MONTHS - 1), loads("financial_month")).cast(
                pa.string()
            ),
        }
    )


def control_totals(accounts: Sequence[Account]) -> Mapping[str, str]:
    """The general ledger's own total of the actuals of each month, as the checks of its load (JSON)."""
    totals = sum((account.cents.sum(axis=0) for account in accounts), np.zeros(MONTHS, np.int64))
    return {
        load: json.dumps({"control_total": f"{total / 100:.2f}", "scenario": "AC"})
        for load, total in zip(loads("financial_month"), totals.tolist(), strict=True)
    }
