"""The whole company: part by part what grows with its customers, and once what does not."""

from collections.abc import Iterator
from itertools import chain
from typing import Protocol

import numpy as np
import pyarrow as pa

from dashboard.demo import alignment, initiatives, markers, people, prospects, questions, registry
from dashboard.demo.complaints import complaint_table
from dashboard.demo.conditions import Conditions, prevail
from dashboard.demo.contacts import contact, contact_table, message_table
from dashboard.demo.customers import customer_table, month_table, simulate_part, spending
from dashboard.demo.deliveries import deliver, promise_table, purchase_table
from dashboard.demo.elsewhere import interview_answers, public_answers, staff_answers
from dashboard.demo.exits import close_cases, exit_table
from dashboard.demo.finance import keep_books
from dashboard.demo.journeys import journey_table
from dashboard.demo.scenarios import control_totals, financial_table
from dashboard.demo.serving_cost import Tally, by_cell, nothing_yet, serve, tally
from dashboard.demo.spells import spell, subscription_table
from dashboard.demo.surveys import answer
from dashboard.demo.waves import Returns, wave_table

PART = 25_000  # customers at the end that are made at once: what memory has to hold
_STEPS_OF_PART = 29
_STEPS_OF_COMPANY = 28


class Sink(Protocol):
    """Where tables go."""

    def write(self, name: str, rows: pa.Table) -> None:
        """Take rows of a table."""

    def write_loads(self, checks: dict[str, str]) -> None:
        """Take the checks of the source loads, once every fact table is there."""


def steps(customers: int) -> int:
    """How many times something is written."""
    return len(_parts(customers)) * _STEPS_OF_PART + _STEPS_OF_COMPANY


def simulate(sink: Sink, customers: int, seed: int) -> None:
    """Write every table."""
    conditions = prevail(seed)
    returns, books = Returns(), nothing_yet()
    for part, size in enumerate(_parts(customers)):
        books += _simulate_part(sink, conditions, returns, (seed, size, part))
    _simulate_rest(sink, returns, books, (seed, customers))


def _parts(customers: int) -> list[int]:
    """The customers of each part: full ones, and what is left."""
    full, rest = divmod(customers, PART)
    return [PART] * full + ([rest] if rest or not full else [])


def _simulate_part(
    sink: Sink, conditions: Conditions, returns: Returns, which: tuple[int, int, int]
) -> Tally:
    seed, customers, part = which
    lifecycle = simulate_part(seed, customers, part)
    spells = spell(seed, lifecycle)
    sink.write("subscription", subscription_table(lifecycle, spells))
    orders_made = deliver(seed, lifecycle, conditions)
    calls = contact(seed, lifecycle, conditions, orders_made)
    sink.write("purchase", purchase_table(seed, lifecycle, orders_made, *calls.about_failed_orders()))
    sink.write("promise", promise_table(seed, lifecycle, orders_made, (calls.customer, calls.at)))
    sink.write("contact", contact_table(seed, lifecycle, calls))
    sent, opted_out, messages = message_table(seed, lifecycle)
    sink.write("contact", sent)
    sink.write("customer", customer_table(seed, lifecycle, opted_out))
    complaints, complained = complaint_table(seed, lifecycle, conditions)
    sink.write("complaint", complaints)
    sink.write("journey_event", journey_table(seed, lifecycle))
    subscription = spending(seed, lifecycle, conditions)
    left = close_cases(seed, lifecycle, spells, subscription)
    sink.write("exit_case", exit_table(seed, lifecycle, left))
    orders = by_cell(orders_made.customer, orders_made.month, orders_made.amount, lifecycle.status.shape)
    revenue = subscription + orders
    cost, accounts = serve(lifecycle, conditions, orders_made, calls)
    sink.write("customer_month", month_table(lifecycle, revenue, cost))
    heard = ~np.isnat(left.contacted)
    told = interview_answers(seed, part, "former", left.contacted[heard], left.who[heard], lifecycle.keys)
    for sheets, answers in chain(answer(seed, lifecycle, conditions, customers), [told]):
        returns.count(sheets)
        sink.write("survey_response", answers)
    accounts |= complained
    return tally(lifecycle, orders_made, accounts, revenue=revenue, orders=orders, messages=messages)


def _simulate_rest(sink: Sink, returns: Returns, books: Tally, which: tuple[int, int]) -> None:
    """What does not belong to a customer."""
    seed, customers = which
    staff = people.employ(seed, customers)
    sink.write("employee_month", people.employee_table(seed, staff))
    sink.write("role_priority", people.priority_table(seed, staff))
    sold = prospects.pursue(seed, customers)
    sink.write("opportunity", prospects.opportunity_table(sold))
    sink.write("exit_case", prospects.lost_table(sold))
    heard = sold.interviewed_at[~np.isnat(sold.interviewed_at)]
    told = [*staff_answers(seed, staff), public_answers(seed, customers)]
    told.append(interview_answers(seed, 0, "prospect", heard, np.arange(len(heard)), None))
    for sheets, answers in told:
        returns.count(sheets)
        sink.write("survey_response", answers)
    accounts = keep_books(seed, books, staff)
    sink.write("financial_month", financial_table(accounts))
    sink.write("survey_wave", wave_table(seed, returns))
    sink.write("survey_question", questions.question_table(returns.first_months()))
    for name, rows in _registers(seed, customers):
        sink.write(name, rows)
    sink.write_loads(dict(control_totals(accounts)))


def _registers(seed: int, customers: int) -> Iterator[tuple[str, pa.Table]]:
    """The small tables."""
    yield "grouping", registry.grouping_table()
    yield "channel", registry.channel_table()
    yield "department", registry.department_table()
    yield "journey", registry.journey_table()
    yield "statement", alignment.statement_table()
    yield "incentive_weight", alignment.incentive_table()
    yield "protocol_review", alignment.review_table(seed)
    yield "board_item", alignment.board_table(seed)
    yield "content_answer", alignment.content_table(seed)
    yield "initiative", initiatives.initiative_table()
    yield "initiative_period", initiatives.period_table(seed, customers)
    yield "initiative_unit", initiatives.unit_table()
    yield "target", markers.target_table()
    yield "annotation", markers.annotation_table()
