"""How the formats of a pack are shared out among processes."""

import pytest

from dashboard.pack.renderers import RENDERERS
from dashboard.pack.side_by_side import COST, shared_out


@pytest.mark.parametrize(
    ("names", "drawn", "shares"),
    [
        (("pptx", "pdf", "xlsx"), True, [["xlsx", "pdf"], ["pptx"]]),
        (("pptx", "pdf", "xlsx"), False, [["pptx", "xlsx"], ["pdf"]]),
        (("xlsx", "pdf"), True, [["pdf"], ["xlsx"]]),
        (("pdf",), True, [["pdf"]]),
        (("svg", "pptx", "pdf", "xlsx", "csv"), True, [["pptx", "xlsx", "pdf", "csv"], ["svg"]]),
    ],
)
def test_the_longest_are_given_out_first(
    names: tuple[str, ...], drawn: bool, shares: list[list[str]]
) -> None:
    assert shared_out(names, 2, drawn=drawn) == shares


def test_every_format_has_a_cost() -> None:
    assert COST.keys() == RENDERERS.keys()
