"""What the board decided: who does it until when, which metric it should move, and whether it did."""

from collections.abc import Callable
from datetime import date, datetime

import streamlit as st

from dashboard.board.outcomes import Verdict, outcomes
from dashboard.board.resolutions import change_state, enter_decision
from dashboard.definitions.model import Catalog
from dashboard.errors import DashboardError
from dashboard.ledger.decisions import Decision, DecisionState, Expectation, Resolution
from dashboard.screens.commentary import AUTHOR
from dashboard.screens.text import literal, small
from dashboard.service import Service
from dashboard.units import format_change, format_day

NOTHING = ""
ICONS = {
    Verdict.MOVED: ":blue-badge[:material/check_circle: Moved as expected]",
    Verdict.SHORT: ":blue-badge[:material/trending_up: Moved, but not as far]",
    Verdict.WRONG_WAY: ":orange-badge[:material/error: Moved the other way]",
    Verdict.NOT_DETECTED: ":gray-badge[:material/remove: No detectable change]",
    Verdict.TOO_EARLY: ":gray-badge[:material/hourglass_empty: Too early to tell]",
    Verdict.NOT_MEASURED: ":gray-badge[:material/block: Not measured]",
    Verdict.NOTHING_EXPECTED: ":gray-badge[:material/remove: Nothing expected]",
}


def show_decisions(service: Service, *, now: Callable[[], datetime]) -> None:
    """Draw every decision, the newest first, and the form for a new one."""
    st.title("What did we decide, and did it help?", anchor=False)
    catalog, ledger = service.opened
    decisions = ledger.decisions.all()
    found = outcomes(catalog, ledger, decisions, today=service.today(now()))
    told = st.session_state.pop("decision-told", None)
    if told is not None:
        (st.success if told[0] else st.error)(literal(told[1]))
    if not decisions:
        small("No decision has been entered yet.")
    for decision, outcome in reversed(list(zip(decisions, found, strict=True))):
        with st.container(border=True, key=f"decision-{decision.number}"):
            resolution = decision.resolution
            st.header(literal(resolution.what), anchor=False)
            st.markdown(ICONS[outcome.verdict])
            st.markdown(literal(outcome.sentence))
            small(literal(_facts(catalog, decision)))
            _change(service, decision, now=now)
    with st.expander("Enter a decision", icon=":material/add:"):
        _form(service, catalog, now=now)


def _facts(catalog: Catalog, decision: Decision) -> str:
    resolution, locale = decision.resolution, catalog.board.locale
    facts = [
        f"Decision {decision.number}",
        f"{resolution.owner} until {format_day(resolution.due, locale=locale)}",
        str(resolution.state),
        f"entered by {decision.author} on {format_day(decision.at.date(), locale=locale)}",
    ]
    expected = resolution.expects
    if expected is not None and expected.metric in catalog.metrics:
        metric = catalog.metrics[expected.metric]
        change = format_change(expected.change, metric.unit, locale=locale, currency=catalog.board.currency)
        facts.insert(2, f"{metric.name} {change} by {format_day(expected.by, locale=locale)}")
    return " · ".join(facts)


def _change(service: Service, decision: Decision, *, now: Callable[[], datetime]) -> None:
    states = list(DecisionState)
    key = f"decision-{decision.number}-state"
    chosen = st.segmented_control(
        "State", states, default=decision.resolution.state, format_func=str.capitalize, key=key
    )
    if chosen is None or chosen is decision.resolution.state:
        return
    author = st.session_state.get(AUTHOR, "")
    try:
        change_state(service.opened[1], decision, chosen, author=author, now=now())
        st.session_state["decision-told"] = (True, f"Decision {decision.number} is {chosen}.")
    except DashboardError as error:
        st.session_state["decision-told"] = (False, str(error))
    del st.session_state[key]
    st.rerun()


def _form(service: Service, catalog: Catalog, *, now: Callable[[], datetime]) -> None:
    today = service.today(now())
    with st.form("decision", border=False):
        what = st.text_area("What was decided")
        owner = st.text_input("Who does it")
        due = st.date_input("Until when", value=today)
        names = [NOTHING, *catalog.metrics]
        metric = st.selectbox(
            "The metric that it should move",
            names,
            format_func=lambda name: catalog.metrics[name].name if name else "None",
        )
        change = st.number_input(
            "By how much", value=0.0, help="In the metric's unit, with its sign; a percentage as a fraction"
        )
        by = st.date_input("By when", value=today)
        author = st.text_input("Your name", value=st.session_state.get(AUTHOR, ""))
        if not st.form_submit_button("Enter the decision"):
            return
    expects = Expectation(metric, change, _day(by)) if metric else None
    try:
        resolution = Resolution(what.strip(), owner.strip(), _day(due), expects)
        enter_decision(*service.opened, resolution, author=author, now=now())
        st.session_state[AUTHOR] = author.strip()
        st.session_state["decision-told"] = (True, "The decision was entered.")
    except DashboardError as error:
        st.session_state["decision-told"] = (False, str(error))
    st.rerun()


def _day(value: object) -> date:
    """A date input gives one day here; Streamlit's type allows for more."""
    if isinstance(value, date):
        return value
    raise DashboardError("Choose one day.")
