"""A page of the board: its question, its controls and its panels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import streamlit as st

from dashboard.board.heading import LEGEND
from dashboard.board.panels import BoardPage
from dashboard.board.view import View
from dashboard.charts.theme import DARK, LIGHT
from dashboard.screens.cards import cards, rows
from dashboard.screens.commentary import editor, show_notes
from dashboard.screens.controls import choose
from dashboard.screens.exhibits import draw_card
from dashboard.screens.reading_aid import reading_aid
from dashboard.screens.text import literal, small
from dashboard.service import Service


def show_page(service: Service, name: str, *, now: Callable[[], datetime]) -> None:
    """Ask for the view, then draw the panels, two to a row where they are alike."""
    measuring = service.measure_missing(now=now)
    heading, controls = st.columns([5, 7], vertical_alignment="bottom")
    catalog = service.catalog
    if catalog is None:
        return
    page = catalog.page(name)
    heading.title(literal(page.question), anchor=False)
    if measuring:
        _first_measurement(service)
        return
    revision = service.revision()
    with controls:
        view = choose(service.choices(page, revision, now=now()))
    with _while_assembling(service.is_made(page, view, revision, now=now())):
        key, made = service.page(page, view, revision, now=now())
    _answer_and_origin(made)
    _faults(made, service)
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    drawn = service.kept((key, palette), lambda: cards(made.panels, palette))
    reading_aid()
    notes = service.commentary(page, view, revision, escape=literal)
    show_notes(notes, "")
    for row in rows(drawn):
        for place, each in zip(st.columns(len(row), gap="medium", border=True), row, strict=True):
            with place:
                draw_card(each, made, service, notes, now=now())
    if view.known is None:
        _page_commentary(service, name, view, now=now())


def _answer_and_origin(made: BoardPage) -> None:
    """What the page says, of whom and of when it says it, and what was restated since it was closed."""
    if made.answer:
        st.header(literal(made.answer), anchor=False)
    told = " · ".join([made.summary, made.closed.line] if made.closed else [made.summary])
    small(literal(told), literal(LEGEND))
    if made.closed is not None and made.closed.restated:
        with st.expander(literal(made.closed.restated_line), icon=":material/history:"):
            st.markdown("  \n".join(literal(sentence) for sentence in made.closed.restated))


def _faults(made: BoardPage, service: Service) -> None:
    """What failed or is older than it should be: told above the figures that it concerns."""
    if service.measuring.error:
        st.warning(literal(service.measuring.error), icon=":material/error:")
    for failure in made.failures:
        st.warning(literal(failure), icon=":material/cloud_off:")
    if made.stale:
        with st.expander(literal(made.stale_line), icon=":material/schedule:"):
            st.markdown("  \n".join(literal(notice) for notice in made.stale))


@contextmanager
def _while_assembling(made: bool) -> Iterator[None]:
    """The shape of the page while it must be made anew; nothing at all where it only has to be drawn."""
    if made:
        yield
        return
    place = st.empty()
    with place.container():
        for column in st.columns(2):
            column.skeleton(height=320)
    try:
        yield
    finally:
        place.empty()


def _page_commentary(service: Service, name: str, view: View, *, now: datetime) -> None:
    opened = st.popover(
        "Commentary on this page", icon=":material/edit_note:", on_change="rerun", key=f"page-note-{name}"
    )
    if opened.open:
        with opened:
            editor(service, name, "", view, now=now)


@st.fragment(run_every=1.0)
def _first_measurement(service: Service) -> None:
    """Shown until the first figures are in the ledger; asks once a second and then draws the page."""
    progress = service.measuring
    if not progress.running:
        st.rerun()
    total = max(progress.total, 1)
    told = f"Measuring {progress.dataset}" if progress.dataset else "Connecting to the sources"
    st.progress(
        min(progress.done / total, 1.0),
        text=f"{literal(told)} · {progress.done} of {progress.total} datasets",
    )
    small(
        "The figures are being measured for the first time. This page appears as soon as they are recorded."
    )
    for column in st.columns(2):
        column.skeleton(height=320)
