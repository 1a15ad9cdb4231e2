"""What a viewer asked to see: which span, ending when, of which group. Parsed primitives, fit for a URL."""

import re
from dataclasses import dataclass
from datetime import date

from dashboard.definitions.model import Slice
from dashboard.periods import FiscalCalendar, Grain, Period, month_of

_CODE = re.compile(r"[a-z][a-z0-9]*([ _][a-z0-9]+)*")
SPANS = (Grain.QUARTER, Grain.YEAR_TO_DATE, Grain.TWELVE_MONTHS)
CHART_MONTHS = 24


@dataclass(frozen=True)
class View:
    """A span of `grain` that ends with the month of `ending`; slice and member () are all customers.

    `known` is the day at whose end it was known, in the company's zone; None is now.
    """

    grain: Grain
    ending: date
    slice: Slice = ()
    member: tuple[str, ...] = ()
    known: date | None = None

    def period(self, calendar: FiscalCalendar) -> Period:
        """The span that the headline figures are of."""
        return calendar.containing(self.grain, self.ending)

    @property
    def last_month(self) -> Period:
        """The last month that charts show."""
        return month_of(self.ending)


def group_label(slice_: Slice, member: tuple[str, ...]) -> str:
    """How a group is called: `All customers`, `Consumer`, `Consumer · North`."""
    return " · ".join(map(member_text, member)) if slice_ else "All customers"


def member_text(name: str) -> str:
    """A member as a reader sees it: a code in small letters (`self_service`) as words, all else as it is."""
    return name.replace("_", " ").capitalize() if _CODE.fullmatch(name) else name


def latest_complete(calendar: FiscalCalendar, data_until: date) -> date:
    """The last month of the latest quarter that `data_until` (first day not covered) has passed."""
    quarter = calendar.containing(Grain.QUARTER, data_until)
    return quarter.shifted(-3).last_month.start if quarter.end > data_until else quarter.last_month.start
