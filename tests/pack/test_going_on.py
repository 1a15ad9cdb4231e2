"""What has no room on a slide goes on: a heading with its text, words in the next place, lists titled."""

import io
from dataclasses import replace

from pptx import Presentation

from dashboard.pack.model import ChangedFigure, SinceLast
from dashboard.pack.slides.deck import deck
from dashboard.pack.slides.fitting import Room, fit, fits, flow, words
from dashboard.pack.slides.grids import ROOMY, TIGHT, grids
from dashboard.pack.slides.plan import Cell
from tests.pack.conftest import Made


def test_a_heading_goes_on_with_its_text() -> None:
    told = (words("first", 10), words("Name", 10, bold=True, before=8), words("1.5", 10), words("of 3", 10))
    fitted = fit((*told, words("word " * 200, 10)), Room(100, 60))
    assert [each.text for each in fitted.here] == ["first"]
    assert fitted.rest[0].text == "Name"


def test_words_flow_from_a_full_place_into_the_next_in_one_size() -> None:
    reasons = tuple(words(f"reason {place} " * 8, 11, before=2) for place in range(8))
    small, large = Room(200, 100), Room(200, 200)
    first, second = flow(reasons, small, large)
    assert first.scale > fit(reasons, large).scale  # than the second place alone would hold
    assert (*first.here, *second.here) == tuple(each.scaled(first.scale) for each in reasons)
    assert fits(first.here, small) and fits(second.here, large) and not first.rest and not second.rest


def test_words_that_two_places_do_not_hold_go_on_in_their_own_size() -> None:
    reasons = tuple(words(f"reason {place} " * 20, 11, before=2) for place in range(12))
    first, second = flow(reasons, Room(200, 100), Room(200, 100))
    told = (*first.here, *second.here, *second.rest)
    assert [each.text for each in told] == [each.text for each in reasons]
    assert first.here and second.here and second.rest == reasons[-len(second.rest) :]


def test_rows_are_tight_where_that_spares_a_second_place() -> None:
    def parts(count: int) -> list[tuple[int, float]]:
        rows = [(Cell(f"Row {place}"), Cell("1", figure=True)) for place in range(count)]
        found = grids(("Name", "Figure"), rows, Room(500, 340), "")
        assert all(sum(each.heights) <= 340 + 1e-9 for each in found)
        return [(len(each.rows), each.padding) for each in found]

    assert parts(19) == [(19, ROOMY)]
    assert parts(20) == [(20, TIGHT)]
    assert parts(23) == [(23, TIGHT)]
    assert parts(24) == [(19, ROOMY), (5, ROOMY)]


def test_a_long_list_of_changes_goes_on_under_its_own_title(made: Made) -> None:
    changed = tuple(ChangedFigure("Overview", "NPS", f"Group {place}", "1", "2") for place in range(60))
    blob = deck(replace(made.pack, since=SinceLast("Since the last pack: 60.", changed)), None)
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(blob)).slides]
    first = titles.index("What changed since the last pack")
    assert titles[first + 1] == "What changed since the last pack (continued)"
