"""Closing as Streamlit draws it: the checklist, the close with a name, restatements, and opening again."""

from streamlit.testing.v1 import AppTest

from tests.board.test_assembly import CONSUMERS, lifted, record
from tests.screens.test_overview import NOW, Screen, screen, texts  # noqa: F401  # a fixture


def close_page(screen: Screen) -> AppTest:  # noqa: F811
    return AppTest.from_function(_script, args=(screen.service, NOW), default_timeout=30).run()


def _script(service, moment) -> None:  # type: ignore[no-untyped-def]  # its text runs alone, without imports
    from dashboard.screens.close_page import show_close

    show_close(service, now=lambda: moment)


def signed(app: AppTest, name: str, reason: str = "") -> AppTest:
    app.text_input[0].set_value(name)
    app.text_input[1].set_value(reason)
    app.button[0].click()
    return app.run()


def told(app: AppTest) -> list[str]:
    return [each.value.replace("\\", "") for each in (*app.success, *app.error)]


def test_a_quarter_is_closed_with_a_name_and_shown_as_closed(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    app = close_page(screen)
    assert "The sources are fresh" in texts(app)
    app = signed(app, "Secretary")
    assert told(app) == ["2026-Q2 is closed as of run 1, by Secretary."]
    assert "No figure restated" in texts(app)
    assert "2026-Q2 closed 5 October 2026 by Secretary" in texts(screen.open())


def test_nothing_is_closed_without_a_name(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    assert told(signed(close_page(screen), " ")) == ["A close is signed. Write your name."]
    assert screen.ledger.closes.standing() == ()


def test_what_changes_afterwards_is_listed_and_the_page_keeps_what_was_closed(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    signed(close_page(screen), "Secretary")
    before = {each.label: each.value for each in screen.open().metric}
    record(screen.ledger, answers={**CONSUMERS, "Consumer": lifted})
    shown = close_page(screen)
    assert "1 figure restated" in texts(shown)
    line = [cell.replace("\\", "") for cell in shown.table[0].value.iloc[0]]
    assert line[:4] == ["Net Promoter Score", "22.0", "35.0", "+13.0 points"]
    page = screen.open()
    assert {each.label: each.value for each in page.metric} == before
    assert "Net Promoter Score: 22.0 when it was closed, 35.0 now (+13.0 points)" in texts(page)


def test_it_is_opened_again_with_a_reason_alone(screen: Screen) -> None:  # noqa: F811
    record(screen.ledger)
    signed(close_page(screen), "Secretary")
    assert "Say why" in told(signed(close_page(screen), "Secretary"))[0]
    assert told(signed(close_page(screen), "Secretary", "Late answers")) == ["2026-Q2 is open again."]
    assert "opened again by Secretary, run 1: Late answers" in texts(close_page(screen))
