"""Drawings of correlations: beliefs in a row each, and every lag between two series; chance is a band."""

from collections.abc import Sequence

from dashboard.board.drawings import BeliefRow, Correlogram, Register
from dashboard.charts.theme import LIGHT
from dashboard.pack.number_formats import value_code
from dashboard.pack.slides.chart_model import (
    Fill,
    Form,
    Label,
    Marker,
    NativeChart,
    Plot,
    Scale,
    Series,
    Stroke,
)
from dashboard.pack.slides.chart_table import ChartTable, Column
from dashboard.pack.slides.native_scatter import behind_a_dot, names_at, pieces, texts_at
from dashboard.pack.slides.scales import of_places, rounded
from dashboard.units import MINUS, Unit

RIGHT = 1.35  # room for the figure beside a dot at 1
REGISTER_PLOT = Plot(0.36, 0.1, 0.62, 0.78)
STEM = Stroke(LIGHT.customer, 1.5)
BAND = Stroke(LIGHT.muted, 9.0, None, 0.25)
LAG_CODE = f'"+"0;"{MINUS}"0;0'
MOST_LAGS = 13  # labels of an axis of lags


def register_chart(
    drawing: Register, names: tuple[str, ...], name: str, description: str, scale: Scale | None = None
) -> NativeChart:
    """A filled dot counts, a hollow one does not; a belief without one was not tested."""
    rows, board = drawing.rows, drawing.board
    scale = scale or Scale(-1.0, RIGHT, 0.5, value_code(1.0, Unit.RATIO, board), title="Correlation r")
    code = value_code(1.0, Unit.RATIO, board)
    columns = (
        Column("Place", tuple(float(place) for place in range(1, len(rows) + 1))),
        Column("Counts", tuple(row.r if row.counts else None for row in rows), code),
        Column("Does not count", tuple(None if row.counts else row.r for row in rows), code),
        *pieces("From zero", [(None if row.r is None else 0.0, row.r) for row in rows], code),
        *pieces("As by chance", [_band(row) for row in rows], code),
        Column("Right of", tuple(behind_a_dot(_right_of(row), scale) for row in rows), code),
        Column("Name at", tuple(scale.low for _ in rows), code),
    )
    series = (
        Series(5, along=6, stroke=BAND, in_legend=True),
        Series(3, along=4, stroke=STEM),
        Series(1, along=0, marker=_dot(counts=True), in_legend=True),
        Series(2, along=0, marker=_dot(counts=False), in_legend=True),
        texts_at([row.r_text for row in rows], 7),
        names_at(names, 8),
    )
    return NativeChart(
        name=name,
        form=Form.SCATTER,
        table=ChartTable("Belief", tuple(row.label for row in rows), columns),
        series=series,
        scale=scale,
        places=of_places(len(rows)),
        plot=REGISTER_PLOT,
        description=description,
    )


def _band(row: BeliefRow) -> tuple[float | None, float | None]:
    return (None, None) if row.band is None or row.r is None else (-row.band, row.band)


def _right_of(row: BeliefRow) -> float:
    """Where dot, stem and band end."""
    return max(row.r or 0.0, _band(row)[1] or 0.0)


def _dot(*, counts: bool) -> Marker:
    fill = Fill(LIGHT.customer if counts else LIGHT.paper)
    return Marker("circle", 8, fill, Stroke(LIGHT.customer, 1.25))


def correlogram_chart(drawing: Correlogram, name: str, description: str) -> NativeChart:
    """A stem for each lag; those of the declared window are filled, the others hollow."""
    found = drawing.lags.correlations
    lags = [float(each.lag) for each in found]
    # No correlation is larger than 1: an axis up to 2 would leave half of the chart empty.
    reach = min(1.0, max(0.3, *(abs(each.r) for each in found), *(each.band for each in found)) * 1.15)
    code = value_code(1.0, Unit.RATIO, drawing.board)
    stems = [(lag, end) for lag, each in zip(lags, found, strict=True) for end in (0.0, each.r, None)]
    edges, band = _edges(lags, [each.band for each in found])
    columns = (
        Column("Tested", tuple(each.r if each.tested else None for each in found), code),
        Column("Shown", tuple(None if each.tested else each.r for each in found), code),
        Column("Stem at", tuple(None if end is None else lag for lag, end in stems)),
        Column("Stem", tuple(end for _, end in stems), code),
        Column("Chance at", edges),
        Column("As by chance, at most", band, code),
        Column("As by chance, at least", tuple(-each for each in band), code),
        Column("Lag", tuple(lags), LAG_CODE),
    )
    told = {
        place: Label("t" if each.r >= 0 else "b", text=f"{each.lag:+d}: {each.r:.2f}".replace("-", MINUS))
        for place, each in enumerate(found)
        if each.tested and each.significant
    }
    chance = Stroke(LIGHT.muted, 1.0, "sysDash")
    series = (
        Series(4, along=5, named=5, stroke=chance, in_legend=True),
        Series(4, along=6, named=6, stroke=chance),
        Series(2, along=3, named=3, stroke=STEM),
        Series(7, along=0, named=0, marker=_dot(counts=True), labels=told, in_legend=True),
        Series(7, along=1, named=1, marker=_dot(counts=False), in_legend=True),
    )
    first, last = lags[0], lags[-1]
    step = float(max(1, -(-int(last - first + 1) // MOST_LAGS)))
    return NativeChart(
        name=name,
        form=Form.SCATTER,
        table=ChartTable("Lag", tuple(str(each.lag) for each in found), columns),
        series=series,
        scale=Scale(first - step, last + step, step, LAG_CODE, title=f"Lag in {drawing.period}s"),
        places=rounded(-reach, reach, Unit.RATIO, drawing.board),
        plot=Plot(0.09, 0.16, 0.88, 0.68),
        description=description,
    )


def _edges(lags: Sequence[float], bands: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The upper end of the band as a line of steps."""
    places = tuple(edge for lag in lags for edge in (lag - 0.5, lag + 0.5))
    return places, tuple(band for band in bands for _ in range(2))
