"""How the figures of a pack are made and judged, in a few paragraphs for the board."""

from dashboard.board.heading import LEGEND
from dashboard.board.wording import rules_text
from dashboard.definitions.model import Board
from dashboard.pack.model import MethodNote


def method_notes(board: Board) -> tuple[MethodNote, ...]:
    """The paragraphs, with what the board has chosen in them."""
    return (
        MethodNote(
            "When a change counts",
            "A figure is called improved or worsened only where a process-behaviour chart of its months "
            "signals it; otherwise it shows no detectable change. "
            f"{rules_text(board)}.",
        ),
        MethodNote("How to read the charts", LEGEND),
        MethodNote(
            "Intervals",
            "A 95% interval says how far chance alone may have moved a figure that rests on a sample: of "
            "shares by Wilson's method, of Net Promoter Scores by the variance of their three answers.",
        ),
        MethodNote(
            "Comparisons",
            "Each figure is compared with the same span a year before. A difference of two percentages is "
            "given in points. A period that is not over is drawn hollow, compared with nothing and judged by "
            "no rule.",
        ),
        MethodNote(
            "Closed periods",
            "A closed period keeps the figures that it was closed with. What is known otherwise since then "
            "is a restatement: it is listed, with its size and its cause, and never put in silently.",
        ),
        MethodNote(
            "Small groups",
            f"Groups of fewer than {board.minimum_group} are not shown, and neither is what would give them "
            "away. What is kept back on the screen is kept back here.",
        ),
        MethodNote(
            "Missing figures",
            "What is missing is written n/a. It is never taken for zero.",
        ),
    )
