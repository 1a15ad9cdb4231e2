"""How to read a page: told to who opens it, pointed out on a first visit, and never in anybody's way."""

import streamlit as st

from dashboard.analysis.change import Signal
from dashboard.board.wording import SIGNAL_LABELS
from dashboard.screens.cards import BADGES
from dashboard.screens.text import literal

SEEN = "reading-aid-seen"
KEY = "reading-aid"
STEPS = (
    "**The heading of each card is its answer.** It is made by rule from the figures, not written by anyone.",
    "**The large figure** is of the whole span that is chosen above; the small print says against what it is "
    "compared, how wide its interval is, how many cases (n) it rests on, and the target.",
    "**The chart** shows the months. The grey line is the mean, dashed lines are the limits of usual "
    "variation, a hollow point is a month that is still open. A customer figure stands beside the financial "
    "one that it should move.",
    "**About** says why we measure it, who owns it, how it is calculated and how fresh it is, and holds "
    "every chart as a table, as a picture and as CSV.",
    "**On paper** a page is read from the board pack; the browser's print shows the screen as it stands. "
    "The address of a page keeps period, group and day: send it, and others see what you see.",
)
MEANINGS = {
    Signal.IMPROVED: "a change for the better that the rules support",
    Signal.WORSENED: "a change for the worse that the rules support",
    Signal.SHIFTED_UP: "a supported rise of a figure of which neither direction is better",
    Signal.SHIFTED_DOWN: "a supported fall of such a figure",
    Signal.NO_DETECTABLE_CHANGE: "the figure moved no more than it usually does. That is an answer: there is "
    "nothing to explain, and to hail or to blame it would be to read noise",
    Signal.TOO_FEW_POINTS: "not enough months yet to know what is usual",
    Signal.NOT_MEASURED: "there is no figure for this span or this group",
}


def reading_aid() -> None:
    """Draw the button. It stands out until it was opened once; what is in it is made when it is opened."""
    fresh = not st.session_state.get(SEEN, False) and not st.query_params
    opened = st.popover(
        "How to read this page",
        icon=":material/help:",
        type="secondary" if fresh else "tertiary",  # the primary one is too pale for white text in the dark
        on_change="rerun",
        key=KEY,
    )
    if opened.open:
        st.session_state[SEEN] = True
        with opened:
            st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(STEPS, start=1)))
            st.markdown("\n".join(_badge(signal, meaning) for signal, meaning in MEANINGS.items()))


def _badge(signal: Signal, meaning: str) -> str:
    colour, icon = BADGES[signal]
    return f"- :{colour}-badge[{icon} {SIGNAL_LABELS[signal]}] {literal(meaning)}"
