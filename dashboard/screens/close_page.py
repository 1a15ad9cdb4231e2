"""Closing a quarter, as the books are closed: the checklist first, then who, when and which run."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from dashboard.board.checklist import Check, checklist, open_books, stops
from dashboard.definitions.model import Catalog
from dashboard.errors import DashboardError
from dashboard.ledger.closes import Act, Close
from dashboard.ledger.restating import restated_line, restatements
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain, Period
from dashboard.screens.commentary import AUTHOR
from dashboard.screens.text import literal, small, table
from dashboard.service import Service
from dashboard.units import format_change, format_day, format_period, format_value

QUARTERS = 8
TOLD = "close-told"


def show_close(service: Service, *, now: Callable[[], datetime]) -> None:
    """Choose a quarter, go through its checklist, and close it or open it again."""
    st.title("Which quarter is closed?", anchor=False)
    told = st.session_state.pop(TOLD, None)
    if told is not None:
        (st.success if told[0] else st.error)(literal(told[1]))
    catalog, ledger = service.opened
    calendar, moment = catalog.board.calendar, now()
    last = calendar.containing(Grain.QUARTER, service.today(moment)).shifted(-3)
    quarters = {calendar.code(each): each for each in (last.shifted(-3 * back) for back in range(QUARTERS))}
    code = st.selectbox("Quarter", list(quarters), format_func=lambda name: _label(catalog, quarters[name]))
    standing = {close.name: close for close in ledger.closes.standing()}
    if code in standing:
        _closed(catalog, ledger, standing[code], now=now)
    else:
        _open(catalog, ledger, quarters[code], now=now)
    _history(catalog, ledger)


def _label(catalog: Catalog, period: Period) -> str:
    name = catalog.board.calendar.code(period)
    return f"{name} ({format_period(period, locale=catalog.board.locale)})"


def _open(catalog: Catalog, ledger: Ledger, period: Period, *, now: Callable[[], datetime]) -> None:
    checks = checklist(open_books(catalog, ledger, period, run=None, now=now()))
    for check in checks:
        _draw(check)
    failed = stops(checks)
    code = catalog.board.calendar.code(period)
    with st.form(f"close-{code}", border=False):
        author = st.text_input("Your name", value=st.session_state.get(AUTHOR, ""))
        wanted = "Why it is closed although a check failed" if failed else "Remark"
        reason = st.text_input(wanted)
        if not st.form_submit_button(f"Close {code}", icon=":material/lock:"):
            return
    try:
        _signed(author)
        if failed and not reason.strip():
            raise DashboardError(f"{code} was not closed: a check failed, so say why it is closed anyway.")
        made = ledger.closes.close(code, period, author=author.strip(), now=now(), reason=reason)
        st.session_state[TOLD] = (True, f"{made.name} is closed as of run {made.run}, by {made.author}.")
        st.session_state[AUTHOR] = author.strip()
    except DashboardError as error:
        st.session_state[TOLD] = (False, str(error))
    st.rerun()


def _draw(check: Check) -> None:
    icon = ":material/check_circle:" if check.passes else ":material/error:"
    colour = "blue" if check.passes else "orange" if check.binding else "gray"
    word = "" if check.passes else ": not so" if check.binding else ": look at it"
    st.markdown(f":{colour}[{icon}] {literal(check.name)}{word}")
    for line in check.found:
        small(literal(line))


def _closed(catalog: Catalog, ledger: Ledger, close: Close, *, now: Callable[[], datetime]) -> None:
    day = format_day(close.at.date(), locale=catalog.board.locale)
    st.markdown(literal(f"{close.name} was closed on {day} by {close.author}, as of run {close.run}."))
    found = restatements(catalog, ledger, close, scope=EVERYTHING)
    st.markdown(f"**{literal(restated_line(found))}**")
    if found:
        how = {"locale": catalog.board.locale, "currency": catalog.board.currency}
        table(
            ["Figure", "Closed", "Now", "Difference", "Likely cause"],
            [
                [
                    each.metric.name,
                    format_value(each.then.value, each.metric.unit, **how),
                    format_value(each.now.value, each.metric.unit, **how),
                    format_change(each.size, each.metric.unit, **how),
                    ", ".join(each.causes),
                ]
                for each in found
            ],
            figures=("Closed", "Now", "Difference"),
        )
    with st.form(f"reopen-{close.name}", border=False):
        author = st.text_input("Your name", value=st.session_state.get(AUTHOR, ""))
        reason = st.text_input("Why it is opened again")
        if not st.form_submit_button(f"Open {close.name} again", icon=":material/lock_open:"):
            return
    try:
        _signed(author)
        ledger.closes.reopen(close.name, close.period, author=author.strip(), now=now(), reason=reason)
        st.session_state[TOLD] = (True, f"{close.name} is open again.")
        st.session_state[AUTHOR] = author.strip()
    except DashboardError as error:
        st.session_state[TOLD] = (False, str(error))
    st.rerun()


def _signed(author: str) -> None:
    if not author.strip():
        raise DashboardError("A close is signed. Write your name.")


def _history(catalog: Catalog, ledger: Ledger) -> None:
    acts = ledger.closes.history()
    if not acts:
        return
    small("What was closed and opened, newest first")
    for act in reversed(acts):
        verb = "closed" if act.act is Act.CLOSE else "opened again"
        day = format_day(act.at.date(), locale=catalog.board.locale)
        why = f": {act.reason}" if act.reason else ""
        small(literal(f"{day} · {act.name} {verb} by {act.author}, run {act.run}{why}"))
