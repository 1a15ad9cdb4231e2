"""How to read a page is told to who asks, and pointed out once; it stands in nobody's way."""

from dashboard.analysis.change import Signal
from dashboard.screens.cards import BADGES
from dashboard.screens.reading_aid import KEY, MEANINGS, SEEN
from tests.board.test_assembly import record
from tests.screens.test_overview import Screen, screen, texts

__all__ = ["screen"]


def test_every_badge_is_explained() -> None:
    assert MEANINGS.keys() == BADGES.keys() == set(Signal)


def test_it_is_closed_until_it_is_asked_for(screen: Screen) -> None:
    record(screen.ledger)
    app = screen.open()
    assert not app.exception
    assert "The heading of each card is its answer" not in texts(app)
    assert SEEN not in app.session_state


def test_it_tells_what_no_detectable_change_is(screen: Screen) -> None:
    record(screen.ledger)
    app = screen.open()
    app.session_state[KEY] = True
    app.run()
    told = texts(app)
    assert "the figure moved no more than it usually does" in told
    assert app.session_state[SEEN] is True


def test_a_page_in_the_middle_of_being_made_leaves_no_placeholder(screen: Screen) -> None:
    record(screen.ledger)
    app = screen.open()
    cold = len(app.main.children)
    assert not app.get("skeleton")
    assert len(app.run().main.children) <= cold
