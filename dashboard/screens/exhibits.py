"""Panels on the screen: a card each, with its sentence, figures, charts and menu."""

from typing import Any, Literal

import streamlit as st

from dashboard.analysis.change import Signal
from dashboard.board.panels import BoardPage, FailedPanel, LockedPanel, PairPanel, Panel, TrendPanel
from dashboard.board.reading import Reading, State
from dashboard.board.wording import (
    SIGNAL_LABELS,
    change_text,
    detail_lines,
    headline_text,
    signal_reason,
    text_equivalent,
)
from dashboard.charts.exhibit import chart_spec
from dashboard.charts.theme import DARK, LIGHT
from dashboard.screens.about import menu
from dashboard.screens.text import literal
from dashboard.service import PageKey

_Colour = Literal["blue", "orange", "violet", "gray"]

_BADGES: dict[Signal, tuple[_Colour, str]] = {
    Signal.IMPROVED: ("blue", ":material/check_circle:"),
    Signal.WORSENED: ("orange", ":material/error:"),
    Signal.SHIFTED_UP: ("violet", ":material/north_east:"),
    Signal.SHIFTED_DOWN: ("violet", ":material/south_east:"),
    Signal.NO_DETECTABLE_CHANGE: ("gray", ":material/remove:"),
    Signal.TOO_FEW_POINTS: ("gray", ":material/hourglass_empty:"),
    Signal.NOT_MEASURED: ("gray", ":material/block:"),
}


def draw_panel(key: PageKey, panel: Panel, page: BoardPage, *, dark: bool) -> None:
    """Draw one panel as a card."""
    with st.container(border=True, key=f"panel-{panel.key}", height="stretch"):
        match panel:
            case LockedPanel():
                _locked(panel)
            case FailedPanel():
                _failed(panel)
            case _:
                _exhibit(key, panel, page, dark=dark)


def _exhibit(key: PageKey, panel: PairPanel | TrendPanel, page: BoardPage, *, dark: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="top", wrap=False):
        st.subheader(literal(panel.sentence), anchor=False, width="stretch")
        menu(panel, page)
    for notice in panel.notices:
        st.caption(f":material/schedule: {literal(notice)}")
    if not panel.readings:
        st.caption("No group has been measured in this slice yet.")
        return
    specs = chart_specs(key, panel.key, dark, panel)
    for column, reading, spec, label in zip(
        st.columns(len(panel.readings), gap="medium"), panel.readings, specs, _labels(panel), strict=True
    ):
        with column:
            _reading(panel.key, reading, label, spec)
    if isinstance(panel, TrendPanel) and panel.left_out:
        st.caption(f"The {len(panel.readings)} largest groups are drawn, {panel.left_out} more are not.")


def _labels(panel: PairPanel | TrendPanel) -> tuple[str, ...]:
    if panel.labels:
        return panel.labels
    return tuple(f"{reading.metric.name} · {reading.metric.side.value}" for reading in panel.readings)


def _reading(panel: str, reading: Reading, label: str, spec: dict[str, Any]) -> None:
    change = change_text(reading)
    st.metric(
        literal(label),
        headline_text(reading),
        delta=change,
        delta_color="off",
        delta_arrow="off",
    )
    colour, icon = _BADGES[reading.signal]
    st.badge(SIGNAL_LABELS[reading.signal], icon=icon, color=colour, help=signal_reason(reading))
    if reading.state is not State.TOO_SMALL:
        key = f"chart-{panel}-{reading.metric.id}-{'-'.join(reading.view.member)}"
        st.vega_lite_chart(spec, theme=None, key=key, alt=text_equivalent(reading))
    st.caption(literal(" · ".join(detail_lines(reading))))


@st.cache_resource(max_entries=1024, show_spinner=False)
def chart_specs(
    key: PageKey, panel: str, dark: bool, _panel: PairPanel | TrendPanel
) -> tuple[dict[str, Any], ...]:
    """The drawings of a panel, made once: `key` and `panel` name all that they depend on."""
    palette = DARK if dark else LIGHT
    shared = _panel.readings if isinstance(_panel, TrendPanel) else ()
    return tuple(chart_spec(reading, palette, shared) for reading in _panel.readings)


def _locked(panel: LockedPanel) -> None:
    st.subheader(literal(panel.title), anchor=False)
    names = ", ".join(panel.datasets)
    st.caption(
        f":material/lock: Locked. This exhibit opens as soon as this data is measured: {literal(names)}."
    )


def _failed(panel: FailedPanel) -> None:
    st.subheader(literal(panel.title), anchor=False)
    st.error(literal(panel.message), icon=":material/error:")
