"""Commentary on the screen: notes beside what they are of, and the place where they are written."""

from collections.abc import Iterable
from datetime import datetime

import streamlit as st

from dashboard.board.commentary import FIELDS, Commentary, note_period, write_note
from dashboard.board.view import View
from dashboard.errors import DashboardError, LostUpdateError
from dashboard.ledger.notes import Note, NoteState, Place
from dashboard.screens.text import literal, small
from dashboard.service import Service

AUTHOR = "author"
HELP = "Markdown. A figure of the page is written {metric.field}; fields are " + ", ".join(FIELDS) + "."


def show_notes(notes: Iterable[Commentary], panel: str) -> None:
    """Draw the notes of one panel, or of the page where `panel` is empty."""
    for shown in notes:
        if shown.note.place.panel == panel:
            st.markdown(without_pictures(shown.text))
            note = shown.note
            state = "" if note.state is NoteState.APPROVED else "Draft · "
            small(literal(f"{state}{note.author}, {note.at:%Y-%m-%d %H:%M} UTC"))


def without_pictures(text: str) -> str:
    """A picture in a text would be fetched from wherever it says by every reader's browser."""
    return text.replace("![", "!\\[")


def editor(service: Service, page: str, panel: str, view: View, *, now: datetime) -> None:
    """Write, approve and look back on the note of a panel; drawn only where it was opened."""
    catalog, ledger = service.opened
    place = Place(page, panel, note_period(catalog, view))
    history = ledger.notes.history(place)
    newest = history[0] if history else None
    key = f"note-{page}-{panel}-{place.period}"
    told = st.session_state.pop(f"{key}-told", None)
    if told is not None:
        (st.success if told[0] else st.error)(literal(told[1]))
    # What is being written is based on the version that was there when it was opened, not on a newer one.
    based_on = st.session_state.setdefault(f"{key}-based-on", newest.version if newest else 0)
    small(literal(f"Commentary for {place.period}"))
    text = st.text_area(
        "Commentary", value=newest.text if newest else "", key=f"{key}-text", height=140, help=HELP
    )
    author = st.text_input("Your name", key=f"{key}-author", value=st.session_state.get(AUTHOR, ""))
    save, approve = st.columns(2)
    for column, label, state in (
        (save, "Save draft", NoteState.DRAFT),
        (approve, "Approve", NoteState.APPROVED),
    ):
        if column.button(label, key=f"{key}-{state}", width="stretch"):
            _save(service, place, text, author, key, based_on, state, now)
            st.rerun()
    _history(history)


def _save(
    service: Service,
    place: Place,
    text: str,
    author: str,
    key: str,
    based_on: int,
    state: NoteState,
    now: datetime,
) -> None:
    catalog, ledger = service.opened
    try:
        written = write_note(
            catalog, ledger, place, text, author=author, now=now, based_on=based_on, state=state
        )
    except LostUpdateError as error:
        # The next save is based on theirs, which is now told: nothing is overwritten unseen.
        st.session_state[f"{key}-based-on"] = ledger.notes.history(place)[0].version
        st.session_state[f"{key}-told"] = (False, str(error))
        return
    except DashboardError as error:
        st.session_state[f"{key}-told"] = (False, str(error))
        return
    st.session_state[AUTHOR] = author
    st.session_state[f"{key}-based-on"] = written.version
    st.session_state[f"{key}-told"] = (True, "Saved." if state is NoteState.DRAFT else "Approved.")


def _history(history: tuple[Note, ...]) -> None:
    if not history:
        return
    small("Earlier versions, newest first")
    for note in history:
        small(literal(f"{note.version} · {note.state} · {note.author}, {note.at:%Y-%m-%d %H:%M} UTC"))
        st.code(note.text or "(taken away)", language=None, wrap_lines=True)
