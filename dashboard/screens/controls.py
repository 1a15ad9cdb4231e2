"""The controls of a page. What they hold stands in the address, so that a link reproduces the view."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboard.board.choices import Choices
from dashboard.board.view import SPANS, View
from dashboard.periods import Grain

SPAN_LABELS = {
    Grain.QUARTER: "Quarter",
    Grain.YEAR_TO_DATE: "Year to date",
    Grain.TWELVE_MONTHS: "12 months",
}


def choose(choices: Choices) -> View:
    """Draw the controls and return the view they ask for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        span = _segments("span", "Period", {grain.value: SPAN_LABELS[grain] for grain in SPANS})
        ending = _select("ending", "Ending", choices.endings, width=165)
        group = _select("group", "Group", choices.groups, width=190)
        known = choices.moments[_known(choices)]
    slice_, member = choices.members[group]
    year, month = ending.split("-")
    return View(Grain(span), date(int(year), int(month), 1), slice_, member, known)


def _known(choices: Choices) -> str:
    """The day as of which the figures were known. Where there is no other than now, nothing is asked."""
    if len(choices.known) == 1:
        return next(iter(choices.known))
    return _select("known", "As known on", choices.known, width=190)


def _segments(key: str, label: str, options: Mapping[str, str]) -> str:
    _start_from_address(key, options)
    chosen = st.segmented_control(
        label, list(options), format_func=lambda code: options[code], key=key, required=True
    )
    return _to_address(key, options, chosen)


def _select(key: str, label: str, options: Mapping[str, str], *, width: int) -> str:
    _start_from_address(key, options)
    chosen = st.selectbox(label, list(options), format_func=lambda code: options[code], key=key, width=width)
    return _to_address(key, options, chosen)


def _start_from_address(key: str, options: Mapping[str, str]) -> None:
    """A code that is not on offer (an old link, a typed one) falls back to the default."""
    if st.session_state.get(key) not in options:
        # Streamlit forgets a control, and clears the address, when another page is opened; the choice stays.
        asked = st.query_params.get(key) or st.session_state.get(f"chosen_{key}", "")
        st.session_state[key] = asked if asked in options else next(iter(options))


def _to_address(key: str, options: Mapping[str, str], chosen: str | None) -> str:
    code = chosen if chosen is not None and chosen in options else next(iter(options))
    st.session_state[f"chosen_{key}"] = code
    if code != next(iter(options)):
        st.query_params[key] = code
    elif key in st.query_params:
        del st.query_params[key]
    return code
