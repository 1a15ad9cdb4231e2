"""Drawing -> chart: one form for each kind of drawing."""

from typing import Any

from dashboard.board.drawings import (
    Bullets,
    Butterfly,
    DotPlot,
    Drawing,
    Dumbbell,
    Matrix,
    Pareto,
    Waterfall,
)
from dashboard.charts.bullets import bullets
from dashboard.charts.dots import dots
from dashboard.charts.gaps import butterfly, dumbbell
from dashboard.charts.matrix import matrix
from dashboard.charts.pareto import pareto
from dashboard.charts.theme import Palette, vega_config
from dashboard.charts.waterfall import waterfall


def drawing_spec(drawing: Drawing, palette: Palette, *, width: int | None = None) -> dict[str, Any]:
    """A drawing as a Vega-Lite specification; `width` None fills the container."""
    match drawing:
        case Waterfall():
            chart = waterfall(drawing, palette)
        case DotPlot():
            chart = dots(drawing, palette)
        case Pareto():
            chart = pareto(drawing, palette)
        case Matrix():
            chart = matrix(drawing, palette)
        case Dumbbell():
            chart = dumbbell(drawing, palette)
        case Butterfly():
            chart = butterfly(drawing, palette)
        case Bullets():
            chart = bullets(drawing, palette)
    if width is not None:
        chart = chart.properties(width=width)
    return {**chart.to_dict(), "config": vega_config(palette)}
