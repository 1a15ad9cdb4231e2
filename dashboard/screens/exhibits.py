"""Cards on the screen: heading, figures, charts and menu."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

import streamlit as st

from dashboard.board.commentary import Commentary
from dashboard.board.panels import BoardPage
from dashboard.screens.about import menu
from dashboard.screens.cards import Card, FigureCard
from dashboard.screens.commentary import show_notes
from dashboard.screens.text import small, table
from dashboard.service import Service

FIGURES_A_ROW = 3
MOST_KEPT = 1024
CHOICE_WIDTH = 420
Thing = TypeVar("Thing")


def draw_card(
    card: Card, page: BoardPage, service: Service, notes: Sequence[Commentary], *, now: datetime
) -> None:
    """Draw one panel in the place that is open."""
    with st.container(key=f"panel-{card.key}", horizontal=True, vertical_alignment="top", wrap=False):
        st.header(card.heading, anchor=False, width="stretch")
        if card.panel is not None:
            menu(card.panel, page, service, now=now)
    _draw_below(card)
    show_notes(notes, card.key)
    if card.under:
        _draw_under(card, page, service, notes, now=now)


@st.fragment
def _draw_under(
    card: Card, page: BoardPage, service: Service, notes: Sequence[Commentary], *, now: datetime
) -> None:
    """Draw one of the cards under another, whichever is asked for; the page itself is not drawn anew."""
    names = [each.choice for each in card.under]
    chosen = st.selectbox(
        "Look closer at",
        range(len(names)),
        format_func=names.__getitem__,
        key=f"under-{card.key}",
        width=CHOICE_WIDTH,
    )
    draw_card(card.under[chosen if chosen is not None else 0], page, service, notes, now=now)


@st.cache_resource(max_entries=MOST_KEPT, show_spinner=False, hash_funcs={Card: lambda card: card.content})
def _draw_below(card: Card) -> None:
    """Draw what stands below the heading.

    Streamlit keeps the messages that it sent for a card and sends them again for an equal one, whoever looks.
    To make them anew at each click, above all the JSON of the charts, is most of what a page costs.
    """
    for note in card.notes:
        small(note)
    if card.error is not None:
        st.error(card.error, icon=":material/error:")
    if card.exhibit is not None:
        st.vega_lite_chart(card.exhibit, theme=None, alt=card.exhibit_text)
    if card.table is not None:
        rows = [[field.text for field in row] for row in card.table.rows]
        heads = [column.name for column in card.table.columns]
        table(heads, rows, figures=card.table.figures, alt=card.exhibit_text)
    _draw_quotes(card.quotes)
    if card.small_print:
        small(card.small_print)
    for row in _threes(card.figures):
        columns = st.columns(min(len(card.figures), FIGURES_A_ROW), gap="medium")
        for column, figure in zip(columns, row, strict=False):
            with column:
                _draw_figure(figure)


def _draw_quotes(quotes: Sequence[str]) -> None:
    for row in _threes(quotes):
        for column, quote in zip(st.columns(len(row), gap="medium"), row, strict=True):
            column.markdown(quote)


def _draw_figure(figure: FigureCard) -> None:
    # A metric's own label, and a badge, are cut where they do not fit; each element more costs time.
    signal = f":{figure.colour}[{figure.icon} {figure.badge}]"
    st.markdown(f"{figure.label}  \n:{figure.colour}-background[{signal}]")
    st.metric(
        figure.label,
        figure.value,
        delta=figure.change,
        delta_color="off",
        delta_arrow="off",
        label_visibility="collapsed",
    )
    if figure.chart is not None:
        st.vega_lite_chart(figure.chart, theme=None, alt=figure.chart_text)
    small(figure.small_print)


def _threes(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), FIGURES_A_ROW):
        yield things[start : start + FIGURES_A_ROW]
