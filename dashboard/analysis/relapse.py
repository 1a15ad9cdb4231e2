"""Whether a figure fell back once an initiative had ended: the shift rule on the periods after the end.

A programme that is kept up for a while and then stopped tends to lose what it gained, as a diet does. The
centre is the mean of the periods with it; seven periods in a row on one side of it, after its end, are a
shift (`special_causes`). A missing period breaks a run. The centre is itself an estimate: of figures that
do not change, 13 % show a shift within twelve periods where 7 were with it, 10 % where 12 were and 8 %
where 24 were (simulated, independent normal values), half of them for the worse.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.special_causes import Limits, Mark, Rules, point_signals

__all__ = ["Relapse", "relapse"]

FEWEST = 7  # periods with it: fewer do not show where the figure lay


@dataclass(frozen=True)
class Relapse:
    """What became of a figure after the end.

    `centre` is the mean of the periods with it, in the unit of the values; `after` how many periods after
    the end were measured. `side` is the side of the first shift, None where there is none, and `since` the
    index, among the periods after the end, at which it begins.
    """

    centre: float
    after: int
    side: Literal["high", "low"] | None
    since: int | None


def relapse(during: Sequence[float | None], after: Sequence[float | None]) -> Relapse | Insufficient:
    """Look for a shift after the end of an initiative.

    Args:
        during: one value a period while it lasted, in time order; None is missing.
        after: the periods from its end on.
    Returns:
        `Insufficient` with fewer than 7 values while it lasted, or fewer than 7 after its end.
    """
    known = [value for value in during if value is not None and math.isfinite(value)]
    after = [value if value is not None and math.isfinite(value) else None for value in after]
    measured = sum(value is not None for value in after)
    for count, where in ((len(known), "with it"), (measured, "after its end")):
        if count < FEWEST:
            verb = "is" if count == 1 else "are"
            period = "period" if count == 1 else "periods"
            return Insufficient(f"There {verb} {count} {period} {where}; at least {FEWEST} are needed.")
    centre = math.fsum(known) / len(known)
    wide = Limits(centre, -math.inf, math.inf, -math.inf, math.inf, math.inf, trial=False)
    for place, signal in enumerate(point_signals(after, wide, Rules())):
        shift = next((each for each in (signal, *signal.also) if each.mark is Mark.SHIFT), None)
        if shift is not None:
            return Relapse(centre, measured, shift.direction, place)
    return Relapse(centre, measured, None, None)
