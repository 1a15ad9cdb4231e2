"""The heads of slides: the message in a size that fits, and the question under it."""

from dashboard.pack.model import PackPage
from dashboard.pack.plain_text import single_line
from dashboard.pack.slides.figures import NAME
from dashboard.pack.slides.fitting import Words, fit, fits, words
from dashboard.pack.slides.plan import Rooms

TITLE_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6)


def heading(sentence: str, short: str, rooms: Rooms) -> tuple[Words, tuple[Words, ...]]:
    """The title in the largest size that fits; one too long gives way to `short` and is told below."""
    clean = single_line(sentence)
    for scale in TITLE_SCALES:
        found = words(clean, round(rooms.title_size * scale, 1), bold=True)
        if fits([found], rooms.title):
            return found, ()
    told = words(clean, NAME, bold=True)
    brief = fit([words(single_line(short), rooms.title_size, bold=True)], rooms.title).here
    return brief[0], (told,)


def question_of(page: PackPage) -> str:
    """`Loyalty · Would our customers recommend us?`."""
    return single_line(f"{page.shown.page.title} · {page.shown.page.question}")
