"""Pages of ours beside bare Streamlit pages that draw the same charts, tables and texts from constants.

A bare page is what anybody would write who had the finished texts and charts at hand: a title, a line of
small print, and a card with a border for each panel with its heading, notes, chart or table, and for each
figure a metric, a badge, a chart and a caption. It has no navigation, controls, menus, commentary or help,
reads nothing, escapes nothing, and gives its charts no text for screen readers.
"""

import pickle
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.board.sheet import Sheet
from dashboard.board.view import View
from dashboard.charts.theme import LIGHT
from dashboard.periods import Grain
from dashboard.screens.cards import Card, FigureCard, cards, rows
from dashboard.service import Service

GOAL = 1.3
BARE_PAGES = "BARE_PAGES"  # tells the bare app where its constants are
FIGURES_A_ROW = 3


@dataclass(frozen=True)
class Constants:
    """What a page of ours says and draws, taken once and frozen. `label` is its name in the navigation."""

    name: str
    label: str
    title: str
    answer: str
    told: str
    rows: Sequence[tuple[Card, ...]]
    tables: Mapping[str, pd.DataFrame]  # by card

    @property
    def charts(self) -> int:
        """How many charts it has."""
        above = [each for row in self.rows for each in row]
        cards = [*above, *(under for each in above for under in each.under)]
        figures = [figure for each in cards for figure in each.figures]
        exhibits = sum(each.exhibit is not None for each in cards)
        return exhibits + sum(figure.chart is not None for figure in figures)


@dataclass(frozen=True)
class Times:
    """Processor time of the script's thread in seconds, a run each: of our page and of the bare one."""

    ours: Sequence[float]
    bare: Sequence[float]

    @property
    def ratio(self) -> float:
        """How much longer ours takes, by the medians."""
        return statistics.median(self.ours) / statistics.median(self.bare)

    def __str__(self) -> str:
        ours, bare = (1000 * statistics.median(each) for each in (self.ours, self.bare))
        return f"{ours:6.1f} ms, bare {bare:6.1f} ms, ratio {self.ratio:.2f}"


def constants(service: Service, name: str, *, now: datetime) -> Constants:
    """What a page draws when it is opened; nothing of it is shared with the page it was taken from."""
    page, revision = service.opened[0].page(name), service.revision()
    year, month = next(iter(service.choices(page, revision, now=now).endings)).split("-")
    _, made = service.page(page, View(Grain.QUARTER, date(int(year), int(month), 1)), revision, now=now)
    shown = [_alone(each) for each in cards(made.panels, LIGHT)]
    tables = {each.key: _frame(each.table) for each in shown if each.table is not None}
    found = Constants(name, page.title, page.question, made.answer, made.summary, rows(shown), tables)
    return pickle.loads(pickle.dumps(found))  # type: ignore[no-any-return]  # noqa: S301


def _alone(drawn: Card) -> Card:
    """A card without what it was made of; of the exhibits under it, the one that is shown at first."""
    return replace(drawn, panel=None, under=tuple(map(_alone, drawn.under[:1])))


def _frame(sheet: Sheet) -> pd.DataFrame:
    heads = [column.name for column in sheet.columns]
    return pd.DataFrame([[field.text for field in row] for row in sheet.rows], columns=heads)


def address(service: Service, name: str) -> str:
    """The path of a page; the first has none."""
    return "" if name == service.opened[0].board.pages[0] else name


def draw(page: Constants) -> None:
    """Draw a bare page."""
    st.title(page.title)
    if page.answer:
        st.header(page.answer)
    st.caption(page.told)
    for row in page.rows:
        for place, each in zip(st.columns(1 if row[0].wide else 2, border=True), row, strict=False):
            with place:
                _draw_card(each, page.tables.get(each.key))


def _draw_card(each: Card, table: pd.DataFrame | None) -> None:
    st.subheader(each.heading)
    for note in each.notes:
        st.caption(note)
    if each.error is not None:
        st.error(each.error)
    if each.exhibit is not None:
        st.vega_lite_chart(each.exhibit, theme=None)
    if table is not None:
        st.table(table)
    if each.small_print:
        st.caption(each.small_print)
    for under in each.under:
        _draw_card(under, None)
    for start in range(0, len(each.figures), FIGURES_A_ROW):
        columns = st.columns(min(len(each.figures), FIGURES_A_ROW))
        for column, figure in zip(columns, each.figures[start : start + FIGURES_A_ROW], strict=False):
            with column:
                _draw_figure(figure)


def _draw_figure(figure: FigureCard) -> None:
    st.metric(figure.label, figure.value, delta=figure.change)
    st.badge(figure.badge)
    if figure.chart is not None:
        st.vega_lite_chart(figure.chart, theme=None)
    st.caption(figure.small_print)


def _our_script(service, moment, times):  # type: ignore[no-untyped-def]  # its text runs alone, as a script
    import time

    from dashboard.screens.shell import show

    began = time.thread_time()
    show(service, now=lambda: moment)
    times.append(time.thread_time() - began)


def _bare_script(page, times):  # type: ignore[no-untyped-def]  # its text runs alone, as a script
    import time

    import streamlit as st

    from benchmarks.bare_page import draw

    began = time.thread_time()
    st.set_page_config(layout="wide")
    draw(page)
    times.append(time.thread_time() - began)


def compare(service: Service, name: str, *, now: datetime, runs: int) -> Times:
    """Draw a page that is warm, and its bare one, in turn; SystemExit where either does not draw."""
    ours: list[float] = []
    bare: list[float] = []
    page = AppTest.from_function(_our_script, args=(service, now, ours), default_timeout=120)
    same = constants(service, name, now=now)
    plain = AppTest.from_function(_bare_script, args=(same, bare), default_timeout=120)
    page._page_hash = calc_hash(address(service, name))  # as if it had been opened
    for warming in (page, plain, page, plain):
        warming.run()
    charts = {len(app.get("vega_lite_chart")) for app in (page, plain)}
    if page.exception or plain.exception or charts != {same.charts}:
        raise SystemExit(f"{name}: {charts} charts were drawn, not {same.charts}; times would mean nothing.")
    ours.clear()
    bare.clear()
    for _ in range(runs):
        page.run()
        plain.run()
    return Times(ours, bare)
