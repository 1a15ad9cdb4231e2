"""What surrounds every page: navigation, and the banner when the configuration has a problem."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard.definitions.model import Catalog
from dashboard.errors import DashboardError, fault_reference, fault_text
from dashboard.screens.board_page import show_page
from dashboard.screens.close_page import show_close
from dashboard.screens.decisions_page import show_decisions
from dashboard.screens.dictionary_page import show_dictionary
from dashboard.screens.export_page import show_export
from dashboard.screens.text import literal, small
from dashboard.service import Service

LOG = logging.getLogger("boardseat")
MOST_PROBLEMS = 20
ICON = str(Path(__file__).with_name("seat.svg"))


def show(service: Service, *, now: Callable[[], datetime]) -> None:
    """Draw the whole window for one viewer."""
    service.reload()
    catalog = service.catalog
    chosen = None if catalog is None else _navigation(service, catalog, now)
    st.set_page_config(
        page_title=f"{chosen.title} · {catalog.board.organisation}" if chosen and catalog else "Boardseat",
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    if chosen is None:
        _nothing_to_show(service)
        return
    chosen.run()


def _navigation(service: Service, catalog: Catalog, now: Callable[[], datetime]) -> st.Page:
    pages = [
        st.Page(
            partial(_board_page, service, name, now),
            title=catalog.page(name).title,
            url_path=name,
            default=index == 0,
        )
        for index, name in enumerate(catalog.board.pages)
    ]
    tools = [
        st.Page(partial(_shown, partial(draw, service, now=now), path), title=title, url_path=path)
        for title, path, draw in (
            ("Decisions", "decisions", show_decisions),
            ("Close", "close", show_close),
            ("Export", "export", show_export),
        )
    ]
    by_name = dict(zip(catalog.board.pages, pages, strict=True))
    tools.append(
        st.Page(
            partial(_shown, partial(show_dictionary, service, by_name), "dictionary"),
            title="Dictionary",
            url_path="dictionary",
        )
    )
    sections = {"": pages, "Prepare": tools}
    return st.navigation(sections, position="top")


def _board_page(service: Service, name: str, now: Callable[[], datetime]) -> None:
    if service.problems:
        _banner(service)
    _shown(partial(show_page, service, name, now=now), name)


def _shown(draw: Callable[[], None], name: str) -> None:
    """Draw a page; an error is told on it, one of ours with a reference to the log."""
    try:
        draw()
    except DashboardError as error:
        st.error(literal(str(error)), icon=":material/error:")
    except Exception as error:  # Streamlit's own stops and reruns are no Exception and pass
        reference = fault_reference(error)
        LOG.exception("Reference %s: page %s", reference, name)
        st.error(literal(fault_text(reference)), icon=":material/error:")


def _banner(service: Service) -> None:
    count = len(service.problems)
    first = service.problems[0]
    place = literal(f"{first.file}:{first.line}:{first.column}")
    with st.expander(
        f"The configuration has {count} problem{'s' if count > 1 else ''}, the first at {place}; "
        "the last good one is shown.",
        icon=":material/warning:",
    ):
        _problems(service)


def _nothing_to_show(service: Service) -> None:
    st.title("The configuration cannot be used yet")
    st.markdown("Mend what is listed here and save: this page reads the files again by itself.")
    _problems(service)


def _problems(service: Service) -> None:
    for problem in service.problems[:MOST_PROBLEMS]:
        st.markdown(
            f"**{literal(f'{problem.file}:{problem.line}:{problem.column}')}**  \n{literal(problem.message)}"
        )
    if len(service.problems) > MOST_PROBLEMS:
        small(f"and {len(service.problems) - MOST_PROBLEMS} more: run `boardseat check` to see them all.")
