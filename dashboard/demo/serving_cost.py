"""What it costs to serve each customer, and what the parts of the company hand to the books."""

from dataclasses import dataclass, fields

import numpy as np

from dashboard.demo.conditions import Conditions
from dashboard.demo.contacts import Contacts
from dashboard.demo.customers import NEW, Lifecycle, margins
from dashboard.demo.deliveries import Deliveries, completed, failures
from dashboard.demo.registry import SEGMENTS
from dashboard.demo.timeline import MONTHS, Floats, Ints, month_index
from dashboard.demo.truths import FAILURE_TO_COST_TO_SERVE

_OVERHEAD = np.array([1.7, 2.9, 11.0])  # euro a month for each active customer, by segment
_VISIT = 46.0  # euro for each delivery


@dataclass(frozen=True)
class Tally:
    """Cents, and counts, by segment and month: each shape (3, 60)."""

    subscriptions: Ints
    orders: Ints
    gross_margin: Ints
    contact_centre: Ints
    overhead: Ints
    visits: Ints
    repeat_visits: Ints
    messages: Ints
    redress: Ints
    complaints: Ints  # received
    failed: Ints  # deliveries
    active: Ints  # customers
    won: Ints  # customers

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(Tally)))


def nothing_yet() -> Tally:
    """The tally of no part at all."""
    return Tally(*(np.zeros((len(SEGMENTS), MONTHS), np.int64) for _ in fields(Tally)))


def by_cell(customer: Ints, month: Ints, cents: Ints, shape: tuple[int, int]) -> Ints:
    """Amounts added up by customer and month."""
    total = np.bincount(customer * shape[1] + month, weights=cents, minlength=shape[0] * shape[1])
    return np.rint(total).astype(np.int64).reshape(shape)


def serve(
    lifecycle: Lifecycle,
    conditions: Conditions,
    deliveries: Deliveries,
    contacts: Contacts,
) -> tuple[Ints, dict[str, Ints]]:
    """Cost to serve of each customer and month, cents (n, 60), and the accounts (3, 60) that it adds up to.

    Contacts are charged to the customer who made them. All else is shared equally by the active customers of
    the segment, in whole cents, and the account is the sum of the shares: both tie to the cent.
    """
    active = lifecycle.by_segment(lifecycle.active)
    own = by_cell(contacts.customer, month_index(contacts.at), contacts.cost, lifecycle.status.shape)
    lines = {
        "overhead": _OVERHEAD[:, None] * active,
        "visits": _VISIT * completed(lifecycle, deliveries),
        "repeat_visits": FAILURE_TO_COST_TO_SERVE.strength
        * in_arrears(failures(lifecycle, deliveries), FAILURE_TO_COST_TO_SERVE.lag_months),
    }
    cost, accounts = own, {"contact_centre": lifecycle.by_segment(own)}
    for (name, euro), dear in zip(lines.items(), conditions.serving, strict=True):
        share = np.rint(euro * dear[None, :] * 100 / np.maximum(active, 1)).astype(np.int64)
        cost = cost + share[lifecycle.segment] * lifecycle.active
        accounts[name] = share * active
    return cost, accounts


def in_arrears(happened: Ints, lag: int) -> Floats:
    """Counts as invoiced, `lag` months later; the first of these months have the mean of as many."""
    late = np.roll(happened, lag, axis=1).astype(float)
    late[:, :lag] = happened[:, :lag].mean(axis=1, keepdims=True)
    return late


def tally(
    lifecycle: Lifecycle,
    deliveries: Deliveries,
    accounts: dict[str, Ints],
    *,
    revenue: Ints,
    orders: Ints,
    messages: Ints,
) -> Tally:
    """What a part hands to the books; `revenue` and the `orders` in it are cents, shape (n, 60)."""
    return Tally(
        subscriptions=lifecycle.by_segment(revenue - orders),
        orders=lifecycle.by_segment(orders),
        gross_margin=lifecycle.by_segment(margins(lifecycle, revenue)),
        messages=messages,
        failed=failures(lifecycle, deliveries),
        active=lifecycle.by_segment(lifecycle.active),
        won=lifecycle.by_segment(lifecycle.status == NEW),
        **accounts,
    )
