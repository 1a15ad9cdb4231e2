"""Commentary is kept whole: every version, who wrote it, and no author's text is lost to another's."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.errors import LedgerError, LostUpdateError
from dashboard.ledger.notes import Note, NoteState, Place
from dashboard.ledger.store import Ledger
from tests.ledger.frames import START

HERE = Place("overview", "pair-nps", "2026-Q2")
HOUR = timedelta(hours=1)


def write(
    ledger: Ledger, text: str, based_on: int, *, at: int = 0, place: Place = HERE, **more: object
) -> Note:
    return ledger.notes.write(place, text, author="Ann", now=START + at * HOUR, based_on=based_on, **more)  # type: ignore[arg-type]


def test_every_version_is_kept(ledger: Ledger) -> None:
    first = write(ledger, "Up **because** of the new plan.", 0)
    second = write(ledger, "Up, because of the new plan.", 1, at=1, state=NoteState.APPROVED)
    assert (second.version, second.state, second.author, second.at) == (
        2,
        NoteState.APPROVED,
        "Ann",
        START + HOUR,
    )
    assert ledger.notes.history(HERE) == (second, first)
    assert ledger.notes.history(HERE, as_of=START) == (first,)
    assert ledger.notes.of_page("overview", "2026-Q2") == (second,)
    assert ledger.notes.of_page("overview", "2026-Q2", as_of=START) == (first,)
    assert ledger.notes.of_page("overview", "2026-Q2", as_of=START - HOUR) == ()


def test_a_draft_on_top_of_an_approved_text_does_not_hide_it(ledger: Ledger) -> None:
    approved = write(ledger, "Up.", 0, state=NoteState.APPROVED)
    write(ledger, "Up a lot.", 1, at=1)
    assert ledger.notes.of_page("overview", "2026-Q2", states=[NoteState.APPROVED]) == (approved,)


def test_places_are_apart_and_the_page_comes_first(ledger: Ledger) -> None:
    places = [
        HERE,
        Place("overview", "", "2026-Q2"),
        Place("overview", "", "2026-Q1"),
        Place("loyalty", "", "2026-Q2"),
    ]
    for place in places:
        write(ledger, str(place), 0, place=place)
    found = ledger.notes.of_page("overview", "2026-Q2")
    assert [note.place for note in found] == [places[1], HERE]
    assert [note.place.page for note in ledger.notes.of_period("2026-Q2")] == [
        "loyalty",
        "overview",
        "overview",
    ]


def test_an_emptied_note_is_not_shown_but_kept(ledger: Ledger) -> None:
    write(ledger, "Up.", 0)
    write(ledger, " ", 1, at=1)
    assert ledger.notes.of_page("overview", "2026-Q2") == ()
    assert len(ledger.notes.history(HERE)) == 2


def test_an_edit_of_an_old_version_is_refused_with_both_texts(ledger: Ledger) -> None:
    write(ledger, "Up.", 0)
    ledger.notes.write(HERE, "Up, by plan.", author="Ben", now=START + HOUR, based_on=1)
    with pytest.raises(LostUpdateError) as error:
        write(ledger, "Up, by price.", 1, at=2)
    assert str(error.value) == (
        "The note was changed by Ben on 2026-07-01 at 07:00 UTC, after you had opened it. "
        "Yours was not saved: bring the two together and save again.\n"
        "Theirs: Up, by plan.\nYours: Up, by price."
    )
    assert (error.value.theirs, error.value.yours, error.value.author) == (
        "Up, by plan.",
        "Up, by price.",
        "Ben",
    )
    assert [note.text for note in ledger.notes.history(HERE)] == ["Up, by plan.", "Up."]


@pytest.mark.parametrize("based_on", [0, 2])
def test_a_version_that_is_not_the_newest_is_no_base(ledger: Ledger, based_on: int) -> None:
    write(ledger, "Up.", 0)
    with pytest.raises(LostUpdateError):
        write(ledger, "Down.", based_on)


def test_a_version_that_never_was_is_told(ledger: Ledger) -> None:
    with pytest.raises(LedgerError) as error:
        write(ledger, "Up.", 3)
    assert str(error.value) == "There is no note here yet, so there is no version 3 to change."


def test_a_clock_that_goes_back_does_not_change_what_was_known(ledger: Ledger) -> None:
    first = write(ledger, "Up.", 0, at=5)
    second = write(ledger, "Down.", 1, at=1)
    assert second.at == first.at + timedelta(microseconds=1)
    assert ledger.notes.of_page("overview", "2026-Q2", as_of=first.at) == (first,)


def test_a_moment_may_be_given_in_any_zone(ledger: Ledger) -> None:
    now = datetime.fromisoformat("2026-07-01T09:00:00+03:00")
    note = ledger.notes.write(HERE, "Up.", author="Ann", now=now, based_on=0)
    assert note.at == now
    assert note.at.tzinfo is UTC
