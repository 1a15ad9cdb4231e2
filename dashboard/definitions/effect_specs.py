"""How the effect of an initiative is judged: a plan that is written down before its figures are seen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dashboard.definitions.origins import Slice

Member = tuple[str, ...]


class Design(StrEnum):
    """What an initiative's figures are compared with."""

    DID = "did"  # groups with it against groups without, before against after
    ITS = "its"  # the same figure before and after: no counterfactual
    NONE = "none"  # nothing


class Selection(StrEnum):
    """How the groups that an initiative reached were picked."""

    RANDOM = "random"
    CHOSEN = "chosen"
    EXTREME = "extreme"  # for a bad or a good level


@dataclass(frozen=True)
class EffectSpec:
    """One initiative: it was to move `metric` from the month `begun` on.

    Of the design `did` alone, `treated` and `controls` are members of the slice `by`, in the order of its
    dimensions; of `none` alone, `because` says why there is nothing to compare with. At most `before` months
    before and `after` months from `begun` on count. `ended` is the first month without it, None
    while it lasts.
    """

    title: str
    metric: str
    begun: date
    design: Design
    because: str = ""
    by: Slice = ()
    treated: tuple[Member, ...] = ()
    controls: tuple[Member, ...] = ()
    selection: Selection = Selection.CHOSEN
    before: int = 24
    after: int = 24
    ended: date | None = None
