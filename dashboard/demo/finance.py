"""The management accounts. Revenue and costs are positive; each line ties to the operations beneath it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.customers import NEW, Lifecycle, margins
from dashboard.demo.people import Staff
from dashboard.demo.schema import SEGMENTS, labelled
from dashboard.demo.service import Contacts, Deliveries, completed, failures
from dashboard.demo.timeline import MONTH_STARTS, MONTHS, Floats, Ints, month_index, season, stream
from dashboard.demo.truths import (
    FAILURE_TO_COST_TO_SERVE,
    FAILURE_TO_QUALITY_COST,
    RIGHT_FIRST_TIME_PROGRAMME,
)

ENTITIES = (*SEGMENTS, "Group")
_INTERNAL_SHARE = 0.3  # of what a failed delivery costs, the part that is found before the customer sees it
_ACQUISITION = np.array([310.0, 780.0, 3900.0])  # euro per new customer, by segment
_PLANNED_GROWTH = 1.03


@dataclass(frozen=True)
class Account:
    """A line of the accounts: cents by entity and month, shape (4, 60)."""

    name: str
    group: str
    cents: Ints


@dataclass(frozen=True)
class Operations:
    """What the accounts are made from."""

    lifecycle: Lifecycle
    revenue: Ints  # cents, (n, 60): subscription and orders
    orders: Ints  # cents, (n, 60): the part of it that was orders
    deliveries: Deliveries
    contacts: Contacts
    redress: Ints  # cents, (3, 60)
    staff: Staff


def by_cell(customer: Ints, month: Ints, cents: Ints, shape: tuple[int, int]) -> Ints:
    """Amounts added up by customer and month."""
    total = np.bincount(customer * shape[1] + month, weights=cents, minlength=shape[0] * shape[1])
    return np.rint(total).astype(np.int64).reshape(shape)


def serve(seed: int, work: Operations) -> tuple[Ints, tuple[Account, ...]]:
    """Cost to serve of each customer and month, cents (n, 60), and the accounts that it adds up to.

    Contacts are charged to the customer who made them. All else is shared equally by the active customers of
    the segment, in whole cents, and the account is the sum of the shares: both tie to the cent.
    """
    rng = stream(seed, "serving")
    lifecycle = work.lifecycle
    active = lifecycle.active_by_segment()
    own = by_cell(
        work.contacts.customer, month_index(work.contacts.at), work.contacts.cost, lifecycle.status.shape
    )
    overhead = np.array([1.7, 2.9, 11.0])[:, None] * active
    visits = 46.0 * completed(lifecycle, work.deliveries)
    repeats = FAILURE_TO_COST_TO_SERVE.strength * _arrears(failures(lifecycle, work.deliveries))
    cost, accounts = own, [Account("Contact centre", "service", _entities(_by_segment(lifecycle, own)))]
    lines = (
        ("Service overhead", "service", overhead),
        ("Field visits", "delivery", visits),
        ("Repeat visits", "delivery", repeats),
    )
    for name, group, euro in lines:
        noisy = euro * rng.normal(1.0, 0.012, MONTHS)[None, :]
        share = np.rint(noisy * 100 / np.maximum(active, 1)).astype(np.int64)
        cost = cost + share[lifecycle.segment] * lifecycle.active
        accounts.append(Account(name, group, _entities(share * active)))
    return cost, tuple(accounts)


def _arrears(failed: Ints) -> Floats:
    """Failures as invoiced, three months later; the first three months have the mean of the first quarter."""
    lag = FAILURE_TO_COST_TO_SERVE.lag_months
    late = np.roll(failed, lag, axis=1).astype(float)
    late[:, :lag] = failed[:, :lag].mean(axis=1, keepdims=True)
    return late


def _by_segment(lifecycle: Lifecycle, cells: Ints) -> Ints:
    return np.stack([cells[lifecycle.segment == index].sum(axis=0) for index in range(len(SEGMENTS))])


def _entities(cents: Ints) -> Ints:
    """Segments first; nothing for the group."""
    return np.vstack([cents, np.zeros((1, MONTHS), np.int64)])


def keep_books(seed: int, work: Operations, serving: tuple[Account, ...]) -> tuple[Account, ...]:
    """Every account of the company."""
    rng = stream(seed, "books")
    lifecycle = work.lifecycle
    subscription = _by_segment(lifecycle, work.revenue - work.orders)
    gross = _by_segment(lifecycle, margins(lifecycle, work.revenue))
    orders = _by_segment(lifecycle, work.orders)
    late = _arrears(failures(lifecycle, work.deliveries)) * FAILURE_TO_QUALITY_COST.strength
    failure_cost = late * rng.normal(1.0, 0.015, MONTHS)[None, :]
    operating = (
        Account("Subscriptions and usage", "revenue", _entities(subscription)),
        Account("Orders", "revenue", _entities(orders)),
        # Every invoice is known by customer; the line is kept to show that nothing is left over.
        Account("Revenue not allocated to customers", "revenue", np.zeros((4, MONTHS), np.int64)),
        Account("Network and interconnection", "cogs", _entities(subscription + orders - gross)),
        *serving,
        Account("Rework", "internal_failure", _entities(_cents(failure_cost * _INTERNAL_SHARE))),
        Account(
            "Credits and returns", "external_failure", _entities(_cents(failure_cost * (1 - _INTERNAL_SHARE)))
        ),
        Account("Redress", "redress", _entities(work.redress)),
        Account("Sales commission and offers", "acquisition", _entities(_acquisition(rng, lifecycle))),
    )
    return operating + _shared(rng, work, (subscription + orders).sum(axis=0) / 100)


def _acquisition(rng: np.random.Generator, lifecycle: Lifecycle) -> Ints:
    """Half follows the customers won, half is a budget that follows the size of the business."""
    won = _by_segment(lifecycle, (lifecycle.status == NEW).astype(np.int64))
    size = lifecycle.active_by_segment().sum(axis=0)
    budget = won.mean(axis=1, keepdims=True) * (season(10, 0.04) * size / size.mean())[None, :]
    euro = _ACQUISITION[:, None] * 0.5 * (won + budget) * rng.normal(1.0, 0.03, MONTHS)[None, :]
    return _cents(euro)


def _shared(rng: np.random.Generator, work: Operations, revenue: Floats) -> tuple[Account, ...]:
    """Costs that no segment carries. Hiring follows the leavers of this month and the one before."""
    scale = revenue[:12].mean()
    leavers = work.staff.leavers().astype(float)
    hiring = 5200.0 * (0.5 * leavers + 0.5 * np.concatenate([leavers[:1], leavers[:-1]])) + 0.003 * scale
    programme = RIGHT_FIRST_TIME_PROGRAMME.path() / RIGHT_FIRST_TIME_PROGRAMME.size
    people = work.staff.headcount() * 3150.0
    lines = (
        ("Salaries", "people", people, 0.006),
        ("Bonuses", "variable_pay", people * 0.08, 0.02),
        ("Overtime", "overtime", people * 0.03, 0.08),
        ("Hiring and training", "hiring_training", hiring, 0.03),
        ("Advertising", "promotion", np.full(MONTHS, 0.028 * scale), 0.05),
        ("Quality programme", "prevention", scale * (0.002 + 0.006 * programme), 0.03),
        ("Inspection", "appraisal", np.full(MONTHS, 0.004 * scale), 0.03),
        ("Customer platform", "cx_platform", np.full(MONTHS, 0.006 * scale), 0.02),
        ("Research and development", "rnd", np.full(MONTHS, 0.02 * scale), 0.02),
        ("Other operating costs", "other_opex", np.full(MONTHS, 0.06 * scale), 0.02),
    )
    return tuple(
        Account(
            name,
            group,
            np.vstack([np.zeros((3, MONTHS), np.int64), _cents(euro * rng.normal(1.0, noise, MONTHS))]),
        )
        for name, group, euro, noise in lines
    )


def _cents(euro: Floats) -> Ints:
    cents: Ints = np.rint(np.maximum(euro, 0.0) * 100).astype(np.int64)
    return cents


def _plan(cents: Ints) -> Ints:
    """The budget: three per cent on the fiscal year before; the first half-year has its own mean."""
    plan = np.empty_like(cents)
    plan[:, :6] = np.rint(cents[:, :6].mean(axis=1, keepdims=True))
    for start in range(6, MONTHS, 12):
        basis = cents[:, max(start - 12, 0) : start].mean(axis=1, keepdims=True)
        plan[:, start : start + 12] = np.rint(basis * _PLANNED_GROWTH)
    return plan


def financial_table(accounts: tuple[Account, ...]) -> pa.Table:
    """A row per month, entity, account and scenario: AC is actual, PL is plan."""
    rows: list[pa.Table] = []
    for account in accounts:
        used = account.cents.any(axis=1) | (not account.cents.any()) & (
            np.arange(len(ENTITIES)) == len(SEGMENTS)
        )
        for scenario, cents in (("AC", account.cents), ("PL", _plan(account.cents))):
            entity, month = np.nonzero(np.repeat(used[:, None], MONTHS, axis=1))
            count = len(month)
            rows.append(
                pa.table(
                    {
                        "month": MONTH_STARTS[month],
                        "entity": labelled(entity, ENTITIES).cast(pa.string()),
                        "account": [account.name] * count,
                        "account_group": [account.group] * count,
                        "scenario": [scenario] * count,
                        "amount": cents[entity, month] / 100,
                    }
                )
            )
    return pa.concat_tables(rows)
