"""The dictionary: a search over KPIs and pages; what a KPI means is drawn when it is opened."""

from collections.abc import Mapping
from itertools import pairwise
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.board.dictionary import DictionaryEntry, dictionary, matching, matching_pages
from dashboard.definitions.model import Catalog
from dashboard.ledger.defining import METRIC, difference
from dashboard.screens.text import literal, small
from dashboard.service import Service
from dashboard.units import format_day

MOST_SHOWN = 20
ASKED = "search"  # in the address and in the session


def show_dictionary(service: Service, pages: Mapping[str, st.Page]) -> None:
    """Draw the search and what it finds; `pages` are the pages of the board by name, to lead there."""
    st.title("What does this figure mean, and where does it come from?", anchor=False)
    catalog, _ = service.opened
    entries = service.kept(("dictionary", catalog.version), lambda: dictionary(catalog))
    if ASKED not in st.session_state:
        st.session_state[ASKED] = st.query_params.get(ASKED, "")
    asked = st.text_input("Search KPIs and pages", key=ASKED, placeholder="a name, a question or an owner")
    if asked:
        st.query_params[ASKED] = asked
    elif ASKED in st.query_params:
        del st.query_params[ASKED]
    found = matching(entries, asked)
    for page in matching_pages(catalog, asked) if asked.strip() else ():
        st.page_link(pages[page.name], label=literal(f"{page.title}: {page.question}"), icon=":material/web:")
    small(literal(_told(len(found), len(entries))))
    for entry in found[:MOST_SHOWN]:
        metric = entry.metric
        opened = st.expander(
            literal(f"{metric.name} · {entry.group}"),
            key=f"kpi-{metric.id}",
            expanded=len(found) == 1,
            on_change="rerun",
        )
        if opened.open:
            with opened:
                _draw(service, catalog, entry, pages)


def _told(found: int, all_: int) -> str:
    if found > MOST_SHOWN:
        return f"{found} of {all_} KPIs, the first {MOST_SHOWN} are listed. Search for a word to see others."
    return f"{found} of {all_} KPIs." if found else f"None of {all_} KPIs. Search for fewer words."


def _draw(service: Service, catalog: Catalog, entry: DictionaryEntry, pages: Mapping[str, st.Page]) -> None:
    st.markdown("  \n".join(f"**{name}:** {literal(text)}" for name, text in entry.facts.items()))
    small(f"Formula of `{entry.metric.id}`, in {literal(entry.place)}")
    st.code(entry.metric.formula_text, language=None, wrap_lines=True)
    small("Measures and where they come from")
    for item in entry.ingredients:
        owner = f", {item.source_owner}" if item.source_owner else ""
        st.code(f"{item.key} = {item.text}", language=None, wrap_lines=True)
        small(literal(f"dataset {item.dataset}: {item.origin}, source {item.source}{owner}"))
    small("Where it is used" if entry.pages else "It stands on no page.")
    for page in entry.pages:
        st.page_link(pages[page.name], label=literal(page.title), icon=":material/web:")
    _history(service, catalog, entry.metric.id)


def _history(service: Service, catalog: Catalog, metric: str) -> None:
    """Every version that was in force, the newest first, with what changed from the one before."""
    history = service.opened[1].definitions.history(METRIC, metric)
    small("Versions" if history else "No version of it has been measured yet.")
    zone, locale = ZoneInfo(catalog.board.time_zone), catalog.board.locale
    changes = {
        after.run: difference(before.definition, after.definition) for before, after in pairwise(history)
    }
    for defined in reversed(history):
        day = format_day(defined.at.astimezone(zone).date(), locale=locale)
        small(literal(f"{defined.definition.version}, in force since {day}"))
        if defined.run in changes:
            st.code(changes[defined.run], language="diff", wrap_lines=True)
