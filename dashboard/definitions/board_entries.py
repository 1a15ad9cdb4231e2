"""The shape of config/board.yaml, as pydantic models; descriptions as in entries.py."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from dashboard.definitions.entries import UNKNOWN, Entry
from dashboard.definitions.values import Currency, LocaleName, Name, OneOf, Text, ZoneName

MINOR_UNIT = 0.01


class RulesEntry(Entry):
    """Rules of the process-behaviour charts."""

    two_in_three: Annotated[str, OneOf(("mdc", "r"))] = Field("mdc", description="mdc or r")
    trend_length: Annotated[int, Field(ge=6, le=7)] = Field(7, description="points of a trend: 6 or 7")
    minimum_points: Annotated[int, Field(ge=2)] = Field(13, description="points before anything is flagged")


class ControlTotalEntry(Entry):
    """Two metrics that must agree before a period is closed."""

    stand_ins: ClassVar[dict[str, Any]] = {"metric": UNKNOWN, "ties_to": UNKNOWN}

    metric: Name = Field(description="a metric, such as revenue")
    ties_to: Name = Field(description="the metric that it must agree with, such as booked_revenue")
    within: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        MINOR_UNIT, description="by how much they may differ, in their unit"
    )


class BoardEntry(Entry):
    """config/board.yaml."""

    stand_ins: ClassVar[dict[str, Any]] = {
        **{"organisation": UNKNOWN, "currency": "EUR", "locale": "en_GB", "time_zone": "UTC"},
        **{"minimum_group": 1, "pages": []},
    }

    organisation: Text = Field(description="the name of the company")
    currency: Currency = Field(description="an ISO 4217 code, such as EUR")
    locale: LocaleName = Field(description="how numbers and dates are written, such as en_GB")
    time_zone: ZoneName = Field(description="the zone in which days begin, such as Europe/Amsterdam")
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = Field(
        1, description="the first month of the year, 1 to 12"
    )
    minimum_group: Annotated[int, Field(ge=1)] = Field(description="groups smaller than this are never shown")
    discount_rate: Annotated[float, Field(gt=-1, lt=10, allow_inf_nan=False)] | None = Field(
        None, description="the rate a year, such as 0.10"
    )
    pages: list[Name] = Field(description="the pages in order, such as [overview, loyalty]")
    rules: RulesEntry = Field(RulesEntry(), description="rules of the process-behaviour charts")
    control_totals: list[ControlTotalEntry] = Field(
        [], description="pairs of metrics that must agree before a period is closed"
    )
