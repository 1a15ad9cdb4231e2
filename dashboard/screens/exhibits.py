"""Cards on the screen: heading, figures, charts and menu."""

from datetime import datetime

import streamlit as st

from dashboard.board.panels import BoardPage
from dashboard.screens.about import menu
from dashboard.screens.cards import Card, FigureCard
from dashboard.screens.text import small
from dashboard.service import Service


def draw_card(card: Card, page: BoardPage, service: Service, *, now: datetime) -> None:
    """Draw one panel."""
    with st.container(border=True, key=f"panel-{card.key}", height="stretch"):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False):
            st.header(card.heading, anchor=False, width="stretch")
            if card.panel is not None:
                menu(card.panel, page, service, now=now)
        for note in card.notes:
            small(note)
        if card.error is not None:
            st.error(card.error, icon=":material/error:")
        if card.figures:
            for column, figure in zip(st.columns(len(card.figures), gap="medium"), card.figures, strict=True):
                with column:
                    _draw_figure(figure)


def _draw_figure(figure: FigureCard) -> None:
    st.markdown(figure.label)  # a label of the metric's own would be cut where it does not fit
    st.metric(
        figure.label,
        figure.value,
        delta=figure.change,
        delta_color="off",
        delta_arrow="off",
        label_visibility="collapsed",
    )
    st.badge(figure.badge, icon=figure.icon, color=figure.colour, help=figure.reason)
    if figure.chart is not None:
        st.vega_lite_chart(figure.chart, theme=None, key=figure.key, alt=figure.chart_text)
    small(figure.small_print)
