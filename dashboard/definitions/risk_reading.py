"""The key `risk` of a bridge -> a Risk: whose chances differ, and what the value is the revenue of."""

from collections.abc import Callable, Mapping

from dashboard.definitions.derivation import Risk
from dashboard.definitions.derivation_entries import BridgeEntry
from dashboard.definitions.model import Dataset, Slice
from dashboard.periods import Grain
from yamlfiles.problems import did_you_mean

A_YEAR = 12  # months
_A_YEAR: Mapping[Grain, int] = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1}


def read_risk(
    entry: BridgeEntry, dataset: Dataset, slices: tuple[Slice, ...], refuse: Callable[..., None]
) -> Risk | None:
    """The risk that a bridge tells; None where it tells none, or where it could not be told.

    `slices` are those that the bridge is recorded by; `refuse` takes the place of a problem and its text.
    """
    risk = entry.risk
    if risk is None:
        return None
    if entry.over != A_YEAR:
        refuse(("over",), "The chance to be lost is that of a year. Write over: 12 months, or take risk out.")
    if risk.by is not None and (risk.by,) not in slices:
        known = [cut[0] for cut in slices if len(cut) == 1]
        hint = did_you_mean(risk.by, known) if known else f"Add it to slices: [{risk.by}]."
        refuse(("risk", "by"), f"The bridge is not recorded by {risk.by!r}. {hint}")
    if dataset.event is not None:
        if risk.revenue_per is not None:
            told = "The value of events is that of the whole year already. Take revenue_per out."
            refuse(("risk", "revenue_per"), told)
        return Risk(risk.by, 1)
    if risk.revenue_per is None:
        told = f"Nothing says what {entry.value} is the revenue of. Add revenue_per: month, quarter or year."
        refuse(("risk",), told, key=True)
        return None
    return Risk(risk.by, _A_YEAR[risk.revenue_per])
