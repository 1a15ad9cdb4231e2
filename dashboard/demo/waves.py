"""How many were asked in each wave of a survey, were reached, and answered."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from dashboard.demo.answers import Sheets
from dashboard.demo.columns import nothing, table
from dashboard.demo.questions import wave_key
from dashboard.demo.timeline import DAY, FIRST_MONTH, MONTH_STARTS, MONTHS, Ints, stream

# Of those reached, the share that answers.
_RATE = {
    ("nps", "customer"): 0.21,
    ("csat", "customer"): 0.17,
    ("ces", "customer"): 0.24,
    ("trust", "customer"): 0.20,
    ("nps", "category"): 0.31,
    ("exit", "former"): 0.62,
    ("exit", "prospect"): 0.55,
    ("pulse", "employee"): 0.71,
    ("pulse", "manager"): 0.85,
}
_UNREACHED = 1.03  # invited for each that was reached


@dataclass(frozen=True)
class Returns:
    """Sheets that came back, by survey and month; they are counted part by part."""

    counts: dict[tuple[str, str], Ints] = field(default_factory=dict)

    def count(self, sheets: Sheets | None) -> None:
        """Add the sheets of a survey."""
        if sheets is not None:
            survey = (sheets.instrument, sheets.population)
            self.counts[survey] = self.counts.get(survey, np.zeros(MONTHS, np.int64)) + sheets.counted()

    def first_months(self) -> dict[tuple[str, str], np.datetime64]:
        """The month of each survey's first wave."""
        return {survey: FIRST_MONTH + np.flatnonzero(done)[0] for survey, done in self.counts.items()}


def wave_table(seed: int, returns: Returns) -> pa.Table:
    """A wave per survey and month in which anyone answered."""
    rng = stream(seed, "waves")
    tables = []
    for (instrument, population), done in returns.counts.items():
        rate = _RATE[instrument, population] * rng.normal(1.0, 0.03, MONTHS)
        month = np.flatnonzero(done)
        reached = np.maximum(np.rint(done / rate).astype(np.int64), done)[month]
        count = len(month)
        waves = table(
            "survey_wave",
            month,
            {
                "wave_key": [wave_key(instrument, population, FIRST_MONTH + place) for place in month],
                "instrument": [instrument] * count,
                "population": [population] * count,
                "grouping_key": nothing(count),
                "invited": np.rint(reached * _UNREACHED).astype(np.int64),
                "delivered": reached,
                "completed": done[month],
                "opened": MONTH_STARTS[month],
                "closed": MONTH_STARTS[month + 1] - DAY,
            },
        )
        tables.append(waves.cast(pa.schema([(name, _plain(waves, name)) for name in waves.column_names])))
    return pa.concat_tables(tables)


def _plain(rows: pa.Table, name: str) -> pa.DataType:
    kind = rows.schema.field(name).type
    return kind.value_type if pa.types.is_dictionary(kind) else kind
