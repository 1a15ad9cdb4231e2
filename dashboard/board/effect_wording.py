"""What the figures say of an initiative, by rule: a cause is told only where groups were compared."""

from collections.abc import Sequence

from dashboard.analysis.difference_in_differences import Experiment
from dashboard.analysis.interrupted_time_series import Interruption
from dashboard.analysis.intervals import Insufficient
from dashboard.board.desk import Desk
from dashboard.board.effects import Finding, Judged
from dashboard.board.sentences import listed, name_of
from dashboard.definitions.effect_specs import Design, Selection
from dashboard.definitions.model import Better
from dashboard.periods import add_months, month_of
from dashboard.units import MINUS, format_period

POINTS = " points"
SHORT = {Design.DID: "DiD", Design.ITS: "ITS", Design.NONE: "none"}
BADGES = {**SHORT, Design.ITS: "ITS, no counterfactual"}
MOST_NAMED = 3
FELL_BACK = "fell back"


def badge(found: Judged, *, short: bool = False) -> str:
    """How an effect is known: `randomised`, `DiD`, `ITS, no counterfactual` or `none`."""
    spec = found.spec
    drawn = spec.design is Design.DID and spec.selection is Selection.RANDOM
    return "randomised" if drawn else (SHORT if short else BADGES)[spec.design]


def verdict_of(desk: Desk, found: Judged) -> str:
    """`raised by 2.1 points`, `no detectable effect`, `higher by 1.0 points than expected`, ..."""
    compared = found.spec.design is Design.DID
    if found.finding is Finding.UNJUDGED:
        return "cannot be judged"
    if found.finding is Finding.NOT_DETECTED:
        return "no detectable effect" if compared else "no detectable change"
    amount = desk.change(abs(found.value or 0.0), found.metric.unit).lstrip("+±")
    up = found.finding is Finding.HIGHER
    if compared:
        return f"{'raised' if up else 'lowered'} by {amount}"
    return f"{'higher' if up else 'lower'} by {amount} than expected"


def interval_of(desk: Desk, found: Judged) -> str:
    """`95% interval +1.6 to +3.4 points`; empty where nothing was worked out or nothing is ruled out."""
    if found.value is None or found.low is None or found.high is None:
        return ""
    low, high = (desk.change(end, found.metric.unit) for end in (found.low, found.high))
    return f"95% interval {low.removesuffix(POINTS)} to {high}"


def told(desk: Desk, found: Judged) -> str:
    """The verdict on one initiative as a sentence."""
    spec, name = found.spec, name_of(found.metric)
    if found.finding is Finding.UNJUDGED:
        return f"{spec.title}: its effect on {name} cannot be judged. {_ended(found.reason)}"
    between = interval_of(desk, found)
    inside = f" ({between})" if between else ""
    verb = verdict_of(desk, found)
    if spec.design is Design.DID:
        if found.finding is Finding.NOT_DETECTED:
            return f"{spec.title} had {verb} on {name}{inside}."
        return f"{spec.title} {verb.replace(' by ', f' {name} by ', 1)}{inside}."
    since = f"Since the start of {spec.title}, {name}"
    if found.finding is Finding.NOT_DETECTED:
        return f"{since} shows {verb}{inside}. There is nothing to compare it with."
    return f"{since} has been {verb}{inside}. Whatever else happened then is in it: this is no proof."


def answer_of(desk: Desk, judged: Sequence[Judged]) -> str:
    """The answer of the exhibit: what was found by comparison, and how many could not be judged."""
    compared = [each for each in judged if each.spec.design is Design.DID]
    moved = [each for each in compared if each.finding in (Finding.HIGHER, Finding.LOWER)]
    parts = [
        f"{each.spec.title} {verdict_of(desk, each).replace(' by ', f' {name_of(each.metric)} by ', 1)}"
        for each in moved[:MOST_NAMED]
    ]
    if len(moved) > MOST_NAMED:
        parts.append(f"{len(moved) - MOST_NAMED} more had an effect")
    none = [each.spec.title for each in compared if each.finding is Finding.NOT_DETECTED]
    if none:
        parts.append(f"{_few(none)} had no detectable effect")
    before = sum(each.spec.design is Design.ITS and each.finding is not Finding.UNJUDGED for each in judged)
    if before:
        parts.append(f"{before} can only be compared with the time before")
    back = [each.spec.title for each in judged if after_its_end(desk, each).startswith(FELL_BACK)]
    if back:
        parts.append(f"what {_few(back)} gained was lost after the end")
    unjudged = [each.spec.title for each in judged if each.finding is Finding.UNJUDGED]
    if unjudged:
        parts.append(f"{_few(unjudged)} cannot be judged")
    return f"{'; '.join(parts)}."


def _few(names: Sequence[str]) -> str:
    return listed(names) if len(names) <= MOST_NAMED else f"{len(names)} initiatives"


def _ended(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


def size_of(found: Judged) -> str:
    """How much it rests on: `9 groups with it, 9 without; 24 months before, 12 with it`."""
    made = found.found
    parts = []
    if isinstance(made, Experiment):
        parts.append(f"{made.treated} groups with it, {made.controls} without")
    if made is not None:
        parts.append(f"{made.before} months before, {made.after} with it")
    return "; ".join(parts)


def rests_on(found: Judged) -> str:
    """How much the verdict rests on, with what lets it be doubted; or why there is none."""
    if found.finding is Finding.UNJUDGED:
        return found.reason
    cautions = cautions_of(found)
    return " ".join([_ended(size_of(found)), *cautions]) if cautions else size_of(found)


def after_its_end(desk: Desk, found: Judged) -> str:
    """`fell back from Mar 2025 on`, `held for 12 months`, `cannot be told`; empty while it lasts."""
    watched, ended = found.after_end, found.spec.ended
    if watched is None or ended is None:
        return ""
    if isinstance(watched, Insufficient):
        return "cannot be told"
    if watched.side is None or watched.since is None:
        return f"held for {watched.after} months"
    better = found.metric.better
    if better not in (Better.HIGHER, Better.LOWER):
        verb = f"moved {'higher' if watched.side == 'high' else 'lower'}"
    else:
        verb = "got better" if (watched.side == "high") is (better is Better.HIGHER) else FELL_BACK
    since = format_period(month_of(add_months(ended, watched.since)), locale=desk.catalog.board.locale)
    return f"{verb} from {since} on"


def relapse_told(desk: Desk, found: Judged) -> str:
    """What became of the figure after the end, as a sentence."""
    told = after_its_end(desk, found)
    if not told or found.spec.ended is None:
        return ""
    ended = format_period(month_of(found.spec.ended), locale=desk.catalog.board.locale)
    if isinstance(found.after_end, Insufficient):
        return f"It ended in {ended}; whether it held {told}: {found.after_end.reason}"
    return f"It ended in {ended}, and {name_of(found.metric)} {told}."


def trend_before(desk: Desk, found: Judged) -> str:
    """Whether the groups moved alike before the start: what the comparison rests on."""
    made = found.found
    if not isinstance(made, Experiment) or made.pre_trend is None:
        return ""
    slope = made.pre_trend
    alike = "moved alike" if slope.p >= 0.05 else "already moved apart"
    ends = [_rounded(desk, found, 12 * end) for end in (slope.value, slope.low, slope.high)]
    return (
        f"Before it began the groups {alike}: their trends differ by {ends[0]} a year "
        f"(95% interval {ends[1].removesuffix(POINTS)} to {ends[2]})."
    )


def placebo_told(desk: Desk, found: Judged) -> str:
    """What a start that never was would have shown."""
    made = found.found
    if not isinstance(made, Experiment) or made.placebo is None:
        return ""
    start = found.months[found.before + made.placebo.start]
    month = format_period(start, locale=desk.catalog.board.locale)
    effect = made.placebo.effect
    seems = "an effect, too: doubt the real one" if effect.p < 0.05 else "no effect, as it should"
    value = desk.change(effect.value, found.metric.unit)
    return f"Judged as if it had begun in {month}, it shows {seems} ({value})."


def cautions_of(found: Judged) -> tuple[str, ...]:
    """What lets the effect be doubted, and which groups are not in it."""
    made = found.found
    own = made.cautions if isinstance(made, Experiment) else ()
    if isinstance(made, Interruption) and made.caution:
        own = (made.caution,)
    if isinstance(made, Experiment) and made.dropped:
        own = (*own, "A group of which one month is missing or kept back is left out whole.")
    if not found.lacking:
        return own
    return (*own, f"Not in the ledger, and so left out: {', '.join(found.lacking)}.")


def _rounded(desk: Desk, found: Judged, value: float) -> str:
    return desk.change(value, found.metric.unit).replace("-", MINUS)
