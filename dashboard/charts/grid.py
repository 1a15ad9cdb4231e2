"""Fields in rows and columns: shaded for the eye, with the figure in each for the reader."""

from collections.abc import Sequence

import altair as alt

from dashboard.charts.marks import (
    LINE_HEIGHT,
    Layer,
    Row,
    height,
    inline,
    items_axis,
    most_lines,
    written,
)
from dashboard.charts.theme import Palette

MOST_UPRIGHT = 44  # letters of all heads, each as wide as the longest word, that half a page has room for
FIGURE = 3  # letters of a head that is a number
PALEST, DARKEST = 0.05, 0.56  # the ink stays readable on both


def shades(values: Sequence[float | None]) -> list[float]:
    """How dark each field is: by where its value lies between the least and the most; 0 without a value."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    depths = (0.5 if high == low else ((value or 0.0) - low) / (high - low) for value in values)
    return [
        0.0 if value is None else PALEST + (DARKEST - PALEST) * depth
        for value, depth in zip(values, depths, strict=True)
    ]


def field(row: int, column: int, shade: float) -> Row:
    """Where a field lies, and how dark it is."""
    return {
        **{"item": row, "top": row - 0.5, "bottom": row + 0.5},
        **{"left": column - 0.5, "right": column + 0.5, "middle": column, "shade": shade},
    }


def column_axis(labels: Sequence[str], title: str, letters: int) -> alt.Axis:
    """The heads of the columns, broken into lines of so many letters; aslant where they would collide."""
    longest = max((len(word) for label in labels for word in label.split()), default=0)
    if len(labels) * longest > MOST_UPRIGHT and longest > FIGURE:
        heads = written(labels, range(len(labels)), max(map(len, labels)))
        return alt.Axis(**heads, orient="top", labelAngle=-40, labelAlign="left", title=title, labelPadding=6)
    return alt.Axis(
        **written(labels, range(len(labels)), letters),
        orient="top",
        labelAngle=0,
        title=title,
        labelBaseline="bottom",
        labelPadding=6 + LINE_HEIGHT * (most_lines(labels, letters) - 1),
    )


def grid(
    rows: Sequence[Row],
    heads: alt.Axis,
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    tooltip: Sequence[alt.Tooltip],
    *,
    colour: str,
    palette: Palette,
    font_size: int = 12,
) -> alt.LayerChart:
    """Draw fields that `field` has placed; each row has its figure under `text`."""
    across = alt.Scale(domain=[-0.5, len(column_labels) - 0.5], nice=False, zero=False)
    fields = (
        Layer(inline(rows))
        .mark_rect(color=colour, stroke=palette.rule)
        .encode(
            x=alt.X("left:Q", axis=heads, scale=across),
            x2=alt.X2("right:Q"),
            y=items_axis(row_labels, "top"),
            y2=alt.Y2("bottom:Q"),
            opacity=alt.Opacity("shade:Q", scale=None),
            tooltip=list(tooltip),
        )
    )
    texts = (
        Layer(inline(rows))
        .mark_text(color=palette.ink, fontSize=font_size)
        .encode(
            x=alt.X("middle:Q", axis=heads, scale=across), y=items_axis(row_labels), text=alt.Text("text:N")
        )
    )
    return alt.LayerChart(layer=[fields, texts], width="container", height=height(row_labels))
