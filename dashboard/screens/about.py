"""The menu of a panel: why, who, how far to trust it, and what may be taken away."""

from datetime import datetime

import streamlit as st

from dashboard.board.panels import BoardPage, PairPanel, TrendPanel
from dashboard.board.provenance import Provenance
from dashboard.board.table import csv_bytes, table
from dashboard.charts.exhibit import exhibit_spec, footer_text
from dashboard.charts.images import png, svg
from dashboard.charts.theme import LIGHT
from dashboard.screens.text import literal, small
from dashboard.service import Service

DOWNLOADS = (("PNG", "image/png"), ("SVG", "image/svg+xml"), ("CSV", "text/csv"))


def menu(panel: PairPanel | TrendPanel, page: BoardPage, service: Service, *, now: datetime) -> None:
    """Draw the button that opens the menu; what is in it is made when it is opened, and only then."""
    opened = st.popover(
        "About",
        icon=":material/info:",
        type="secondary",
        width="content",
        on_change="rerun",
        key=f"about-{panel.key}",
    )
    if not opened.open:
        return
    with opened:
        tabs = st.tabs([*(literal(about.metric.name) for about in panel.about), "Table", "Download"])
        for tab, about in zip(tabs, panel.about, strict=False):
            with tab:
                _provenance(about)
                _statements(service.statements(about.metric.id, now=now))
        with tabs[-2]:
            _table(panel)
        with tabs[-1]:
            _downloads(panel, page)


def _provenance(about: Provenance) -> None:
    metric = about.metric
    st.markdown(f"**{literal(metric.question)}**  \n{literal(metric.why)}")
    facts = {
        "Owner": metric.owner,
        "Direction": about.direction,
        "Neighbour": about.neighbour,
        "What we do": metric.action,
        "Read with care": metric.pitfalls,
        "Signals": about.rules,
        "Definition from": metric.source,
        "Definition version": metric.version,
    }
    st.markdown("  \n".join(f"**{name}:** {literal(text)}" for name, text in facts.items() if text))
    small("Formula")
    st.code(metric.formula_text, language=None, wrap_lines=True)
    small("Measures and where they come from")
    for item in about.ingredients:
        owner = f", {item.source_owner}" if item.source_owner else ""
        st.markdown(
            f"{literal(item.key)} = `{item.text}`  \n{literal(f'{item.origin} in {item.source}{owner}')}"
        )
    small("Freshness")
    for state in about.freshness:
        st.markdown("  \n".join(literal(line) for line in (state.line, *state.warnings)))


def _statements(statements: tuple[str, ...]) -> None:
    small("How it is asked")
    for statement in statements:
        st.code(statement, language=None, wrap_lines=True)


def _table(panel: PairPanel | TrendPanel) -> None:
    rows = [
        {
            "Metric": row.name,
            "Group": row.group,
            "Month": row.period_text,
            "Value": row.value_text,
            "n": row.n_text,
            "Reading": row.reading,
        }
        for row in reversed(table(panel))
    ]
    st.dataframe(rows, hide_index=True, height=320)


def _downloads(panel: PairPanel | TrendPanel, page: BoardPage) -> None:
    footer = footer_text(panel, run=page.run)
    ended = f"{panel.readings[0].period.last_day:%Y-%m-%d}" if panel.readings else "empty"
    makers = {
        "PNG": lambda: png(exhibit_spec(panel, LIGHT, footer=footer)),
        "SVG": lambda: svg(exhibit_spec(panel, LIGHT, footer=footer)),
        "CSV": lambda: csv_bytes(panel),
    }
    for name, mime in DOWNLOADS:
        st.download_button(
            f"Download {name}",
            makers[name],
            file_name=f"{panel.key}-{ended}.{name.lower()}",
            mime=mime,
            on_click="ignore",
            icon=":material/download:",
            key=f"download-{name}-{panel.key}",
        )
