"""Commentary as Streamlit draws it: written, approved, shown with live figures, and never lost."""

from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from dashboard.ledger.notes import NoteState, Place
from tests.board.test_assembly import record
from tests.screens.test_overview import NOW, Screen, screen, texts  # noqa: F401  # a fixture

PLACE = Place("overview", "", "2026-Q2")


def opened(screen: Screen) -> AppTest:  # noqa: F811
    app = screen.open()
    app.session_state["page-note-overview"] = True
    return app.run()


def write(app: AppTest, text: str, button: str, *, author: str = "Ann") -> AppTest:
    app.text_area[0].set_value(text)
    app.text_input[0].set_value(author)
    next(each for each in app.button if each.label == button).click()
    return app.run()


def test_a_note_is_written_approved_and_shown_with_the_page_s_figures(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    app = write(opened(screen), "NPS is {net_promoter_score.value}.", "Approve")
    assert not app.exception
    assert [each.value.replace("\\", "") for each in app.success] == ["Approved."]
    shown = texts(screen.open())
    assert "NPS is 22." in shown
    assert "Ann, " in shown
    assert "Draft" not in shown


def test_a_draft_says_that_it_is_one(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    write(opened(screen), "To be checked.", "Save draft")
    assert "Draft · Ann" in texts(screen.open())


def test_a_figure_that_there_is_not_is_told_and_nothing_is_saved(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    app = write(opened(screen), "NPS is {nps.value}.", "Approve")
    assert any("There is no metric 'nps'" in each.value.replace("\\", "") for each in app.error)
    assert screen.ledger.notes.history(PLACE) == ()


def test_nobody_writes_without_a_name(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    app = write(opened(screen), "Text", "Save draft", author=" ")
    assert any("A note is signed" in each.value for each in app.error)


def test_the_second_of_two_writers_is_shown_both_texts(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    mine = opened(screen)
    screen.ledger.notes.write(
        PLACE,
        "Theirs",
        author="Bob",
        now=datetime(2026, 10, 5, 9, tzinfo=UTC),
        based_on=0,
        state=NoteState.DRAFT,
    )
    app = write(mine, "Mine", "Save draft")
    told = "\n".join(each.value for each in app.error).replace("\\", "")
    assert "Bob" in told
    assert "Theirs: Theirs" in told
    assert "Yours: Mine" in told
    assert [note.text for note in screen.ledger.notes.history(PLACE)] == ["Theirs"]
    assert app.text_area[0].value == "Mine"


def test_a_picture_in_a_note_is_not_fetched(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    screen.ledger.notes.write(
        PLACE, "![x](http://example.org/spy.png)", author="Eve", now=NOW, based_on=0, state=NoteState.APPROVED
    )
    assert not any("![x]" in each.value for each in screen.open().markdown)
