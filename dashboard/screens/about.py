"""The menu of a panel: why, who, how far to trust it, and what may be taken away."""

from datetime import datetime
from functools import partial

import streamlit as st

from dashboard.board.panels import BoardPage, Exhibited, ExhibitPanel
from dashboard.board.provenance import Provenance
from dashboard.board.table import csv_bytes, table
from dashboard.charts.exhibit import footer_text, panel_spec
from dashboard.charts.images import png, svg
from dashboard.charts.theme import LIGHT
from dashboard.pack.markdown import escaped
from dashboard.pack.model import BoardPack
from dashboard.pack.one_panel import of_panel, panel_document, panel_presentation
from dashboard.screens.commentary import editor
from dashboard.screens.text import literal, small
from dashboard.service import RUNS_OFFERED, Service

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOWNLOADS = (
    ("PPTX", SLIDES),
    ("PDF", "application/pdf"),
    ("PNG", "image/png"),
    ("SVG", "image/svg+xml"),
    ("CSV", "text/csv"),
)


def menu(panel: Exhibited, page: BoardPage, service: Service, *, now: datetime) -> None:
    """Draw the button that opens the menu; what is in it is made when it is opened, and only then."""
    opened = st.popover(  # without an icon beside its word: there are up to thirty on a page, 2 ms each
        "About",
        type="secondary",
        width="content",
        wrap=True,  # or the browser lays the page out anew for each to see whether its label is cut
        on_change="rerun",
        key=f"about-{panel.key}",
    )
    if not opened.open:
        return
    writing = ["Commentary"] if page.view.known is None else []
    with opened:
        tabs = st.tabs(
            [*(literal(about.metric.name) for about in panel.about), "Table", "Download", *writing]
        )
        for tab, about in zip(tabs, panel.about, strict=False):
            with tab:
                _provenance(about)
                _statements(service.statements(about.metric, now=now))
        after = len(panel.about)
        with tabs[after]:
            _table(panel)
        with tabs[after + 1]:
            _downloads(panel, page, service)
        if writing:
            with tabs[-1]:
                editor(service, page.page.name, panel.key, page.view, now=now)


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
    for change in reversed(about.changes):
        small(literal(change.title(locale=about.locale)))
        st.code(change.lines, language="diff", wrap_lines=True)
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


def _table(panel: Exhibited) -> None:
    if isinstance(panel, ExhibitPanel):
        sheet = panel.sheet
        heads = [column.name for column in sheet.columns]
        shown = [dict(zip(heads, (field.text for field in row), strict=True)) for row in sheet.rows]
        st.dataframe(shown, hide_index=True, height=320)
        return
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


def _downloads(panel: Exhibited, page: BoardPage, service: Service) -> None:
    ended = f"{page.period.last_day:%Y-%m-%d}"
    drawn = partial(panel_spec, panel, LIGHT, footer=footer_text(panel, page))
    makers = {
        "PPTX": lambda: panel_presentation(_alone(panel, page, service)),
        "PDF": lambda: panel_document(_alone(panel, page, service)),
        "PNG": lambda: png(drawn()),
        "SVG": lambda: svg(drawn()),
        "CSV": lambda: panel.sheet.csv_bytes() if isinstance(panel, ExhibitPanel) else csv_bytes(panel),
    }
    if isinstance(panel, ExhibitPanel) and panel.drawing is None:
        del makers["PNG"], makers["SVG"]
    for name, mime in ((name, mime) for name, mime in DOWNLOADS if name in makers):
        st.download_button(
            f"Download {name}",
            makers[name],
            file_name=f"{panel.key}-{ended}.{name.lower()}",
            mime=mime,
            on_click="ignore",
            icon=":material/download:",
            key=f"download-{name}-{panel.key}",
        )


def _alone(panel: Exhibited, page: BoardPage, service: Service) -> BoardPack:
    """The panel with its notes, as of the moment since which nothing was measured."""
    catalog, ledger = service.opened
    notes = service.commentary(page.page, page.view, service.revision(), escape=escaped)
    mine = tuple(each for each in notes if each.note.place.panel == panel.key)
    runs = {run.id: run.finished_at for run in ledger.runs(RUNS_OFFERED)}
    # A run older than those on offer is told by its close, whose figures it holds.
    known = runs.get(page.run or 0, page.closed.close.at if page.closed else max(runs.values()))
    return of_panel(page, panel, mine, known=known, version=catalog.version)
