"""Axes of native charts tell of nothing that cannot be, and texts stand clear of dots."""

from dataclasses import replace

import pytest

from dashboard.board.drawings import BeliefRow, Dot, DotPlot, Register
from dashboard.board.panels import ExhibitPanel, TrendPanel
from dashboard.definitions.model import Side
from dashboard.ledger.figures import Figure
from dashboard.pack.slides.bodies import exhibit_body
from dashboard.pack.slides.chart_writing import chart_xml
from dashboard.pack.slides.fitting import Room
from dashboard.pack.slides.native_evidence import register_chart
from dashboard.pack.slides.native_scatter import ranking_chart
from dashboard.pack.slides.native_trend import natural_domain
from dashboard.pack.slides.plan import Charts
from dashboard.pack.slides.scales import of_items
from dashboard.units import Unit
from tests.pack.conftest import Made


def dotted(made: Made, count: int) -> DotPlot:
    dots = tuple(Dot(f"Group {n}", float(n), f"{n}.0", None, None, "20") for n in range(1, count + 1))
    return DotPlot(dots, None, Unit.POINTS, made.pack.board, Side.CUSTOMER)


def test_a_series_without_a_figure_is_not_drawn(made: Made) -> None:
    """PowerPoint takes the places of a scatter chart's points for 1, 2, 3, where it is told of none."""
    rows = tuple(BeliefRow(f"Belief {n}", "", 0.3, 0.4, "0.30", "0.30", False) for n in range(2))
    chart = register_chart(Register(rows, made.pack.board), ("a", "b"), "n", "d")
    told = chart_xml(chart, "rId1").decode()
    assert ">Does not count<" in told and ">Counts<" not in told
    counting = replace(rows[0], counts=True)
    chart = register_chart(Register((counting, rows[1]), made.pack.board), ("a", "b"), "n", "d")
    assert ">Counts<" in chart_xml(chart, "rId1").decode()


def test_the_text_of_a_belief_stands_behind_its_band(made: Made) -> None:
    rows = (BeliefRow("Belief", "", -0.8, 0.4, "−0.80", "−0.80", True),)
    chart = register_chart(Register(rows, made.pack.board), ("a",), "n", "d")
    (place,) = next(column.values for column in chart.table.columns if column.name == "Right of")
    assert place is not None and 0.4 < place < 0.5


def test_the_text_of_a_dot_begins_behind_it(made: Made) -> None:
    drawing = dotted(made, 3)
    chart = ranking_chart(drawing, ("a", "b", "c"), "n", "d")
    ends = next(column.values for column in chart.table.columns if column.name == "Right end")
    assert all(end is not None and end > dot.value for end, dot in zip(ends, drawing.dots, strict=True))
    assert [label.text for label in chart.series[-2].labels.values()] == ["1.0", "2.0", "3.0"]


@pytest.mark.parametrize(
    ("values", "low"), [((1.0, 8.0), 0.0), ((0.0, 8.0), -2.0), ((-1.0, 8.0), -2.0), ((0.5, 8.0), 0.0)]
)
def test_an_axis_of_items_begins_at_nothing_where_all_is_more(
    made: Made, values: tuple[float, ...], low: float
) -> None:
    assert of_items(values, Unit.DAYS, made.pack.board, from_zero=False).low == low


def test_an_axis_of_shares_ends_with_all_of_them(made: Made) -> None:
    panel = made.pack.pages[0].shown.panels[2]
    assert isinstance(panel, TrendPanel)
    reading = panel.readings[0]
    figure = reading.points[-1].figure

    def told(values: tuple[float, ...], unit: Unit) -> tuple[float, float]:
        figures: list[Figure] = [replace(figure, value=value) for value in values]
        points = tuple(
            replace(reading.points[-1], figure=each, limits=None, target=None, scenarios={})
            for each in figures
        )
        shown = replace(reading, points=points, metric=replace(reading.metric, unit=unit))
        domain = natural_domain([shown])
        return domain.low, domain.high

    assert told((0.0, 1.0), Unit.PERCENT) == (0.0, 1.0)
    assert told((0.0, 1.0), Unit.DAYS) == pytest.approx((0.0, 1.08))
    assert told((-0.1, 1.2), Unit.PERCENT) == pytest.approx((-0.204, 1.304))


def test_items_are_shared_out_among_slides(made: Made) -> None:
    panel = made.pack.pages[1].shown.panels[0]
    assert isinstance(panel, ExhibitPanel)
    room = Room(500, 300)
    body = exhibit_body(replace(panel, drawing=dotted(made, 12)), room, room)
    counts = [len(part.charts[0].table.labels) for part in body.parts if isinstance(part, Charts)]
    assert counts == [6, 6]
