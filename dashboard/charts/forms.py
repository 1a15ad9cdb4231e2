"""Drawing -> chart: one form for each kind of drawing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from dashboard.board.drawings import (
    Ages,
    Bullets,
    Butterfly,
    Correlogram,
    DotPlot,
    Drawing,
    Dumbbell,
    Matrix,
    Pareto,
    Register,
    Survival,
    Waterfall,
)
from dashboard.board.effect_drawings import Effects, EventStudy, Interrupted
from dashboard.charts.ages import ages
from dashboard.charts.bullets import bullets
from dashboard.charts.correlogram import correlogram
from dashboard.charts.dots import dots
from dashboard.charts.effects import effects
from dashboard.charts.event_study import event_study
from dashboard.charts.gaps import butterfly, dumbbell
from dashboard.charts.interrupted import interrupted
from dashboard.charts.matrix import matrix
from dashboard.charts.pareto import pareto
from dashboard.charts.register import register
from dashboard.charts.survival import survival
from dashboard.charts.theme import PADDING, Palette, vega_config
from dashboard.charts.waterfall import waterfall


def drawing_spec(
    drawing: Drawing, palette: Palette, *, width: int | None = None, checked: bool = True
) -> dict[str, Any]:
    """A drawing as a Vega-Lite specification; `width` None fills the container.

    Altair's check of its own output takes longer than the drawing: who draws many has it left out.
    """
    chart = FORMS[type(drawing)](drawing, palette)
    if width is not None:
        drawn = _without_empty_layers(chart.properties(width=width).to_dict(validate=checked))
        return {**drawn, "config": vega_config(palette)}
    # Only the width is fitted: what stands below the axis must not squeeze what stands above it.
    fitted = {"type": "fit-x", "contains": "padding"}
    return {
        **_without_empty_layers(chart.to_dict(validate=checked)),
        "config": vega_config(palette),
        "autosize": fitted,
        "padding": PADDING,
    }


def _without_empty_layers(spec: dict[str, Any]) -> dict[str, Any]:
    """A layer that has no rows would be told to those who hear the chart as a symbol without a name."""
    rows = spec.get("datasets", {})
    return {
        **spec,
        "layer": [each for each in spec["layer"] if rows.get(each.get("data", {}).get("name"), True)],
    }


@contextmanager
def unchecked() -> Iterator[None]:
    """Charts made in here are not checked part by part, which takes most of the time of making them."""
    with debug_mode(False):
        yield


def _survival(drawing: Survival, palette: Palette) -> alt.LayerChart:
    return survival(drawing.curves, palette, drawing.board, age=drawing.age)


def _correlogram(drawing: Correlogram, palette: Palette) -> alt.LayerChart:
    return correlogram(drawing.lags, palette, drawing.board, period=f"{drawing.period}s")


def _event_study(drawing: EventStudy, palette: Palette) -> alt.LayerChart:
    found, unit = drawing.found, drawing.unit
    return event_study(found, palette, drawing.board, unit=unit, period="months", span=drawing.span)


FORMS: Mapping[type[Any], Callable[[Any, Palette], alt.LayerChart]] = {
    Ages: ages,
    Bullets: bullets,
    Butterfly: butterfly,
    Correlogram: _correlogram,
    DotPlot: dots,
    Dumbbell: dumbbell,
    Effects: effects,
    EventStudy: _event_study,
    Interrupted: interrupted,
    Matrix: matrix,
    Pareto: pareto,
    Register: register,
    Survival: _survival,
    Waterfall: waterfall,
}
