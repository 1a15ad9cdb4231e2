"""Survival curves: how long those who joined stay, by group, and whether the groups stay alike."""

from collections.abc import Collection, Mapping

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.survival import LogRank, Stay, SurvivalCurve, log_rank, survival_curve
from dashboard.board.cohorts import A_YEAR, CohortGrid, age_slice, read_grid, retained_metric, rule_of
from dashboard.board.desk import Desk
from dashboard.board.drawings import Curve, Survival
from dashboard.board.lines import derivation_title
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sentences import listed
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.board.view import group_label
from dashboard.definitions.derivation import Derivation
from dashboard.definitions.model import PanelKind, Slice
from dashboard.periods import Grain
from dashboard.units import Unit

MOST_CURVES = 6
LEVEL = 0.05
AGAIN = (
    "These cohorts are of events: who was not there in one period may be there again in the next, so nobody "
    "is known to be lost, and no survival curve is drawn. The cohort grid shows them; curves need spans or "
    "snapshots."
)


def survival(desk: Desk, key: str, derivation: Derivation, by: Slice) -> ExhibitPanel | LockedPanel:
    """A curve of the view's group, or one for each of the largest members of `by`."""
    metric, title = retained_metric(derivation), derivation_title(derivation)
    if locked := desk.locked(key, title, [metric]):
        return locked
    if desk.catalog.datasets[derivation.dataset].event is not None:
        return _not_drawn(desk, key, derivation, f"{title} are not survival curves.", AGAIN)
    groups, left_out = _groups(desk, derivation, by)
    told = {label: found for label, found in groups.items() if not isinstance(found, str)}
    curves = {label: curve for label, (_, curve) in told.items()}
    if not curves:
        why = next((found for found in groups.values() if isinstance(found, str)), "Nobody has joined yet.")
        return _not_drawn(desk, key, derivation, f"{title} cannot be told for this span.", why)
    period = rule_of(derivation).by
    test = log_rank({label: stays for label, (stays, _) in told.items()}) if len(told) > 1 else None
    sentence = _sentence(desk, curves, test, period)
    small_print = ["who comes back counts as having stayed", "shaded: 95% intervals"]
    small_print += [f"{label}: {found}" for label, found in groups.items() if isinstance(found, str)]
    if left_out:
        small_print.append(f"{left_out} smaller groups are not drawn")
    return ExhibitPanel(
        key=key,
        kind=PanelKind.SURVIVAL,
        sentence=sentence,
        drawing=Survival(
            tuple(Curve(label, curve) for label, curve in curves.items()),
            f"{period.value.capitalize()}s after that of joining",
            desk.catalog.board,
        ),
        sheet=_sheet(desk, curves, period),
        text=f"{sentence} {len(curves)} falling curves of the share still here by age.",
        small_print=tuple(small_print),
        about=desk.about([metric]),
        notices=(),
    )


def _not_drawn(desk: Desk, key: str, derivation: Derivation, sentence: str, why: str) -> ExhibitPanel:
    return ExhibitPanel(
        key=key,
        kind=PanelKind.SURVIVAL,
        sentence=sentence,
        drawing=None,
        sheet=_sheet(desk, {}, rule_of(derivation).by),
        text=f"{sentence} {why}",
        small_print=(),
        about=desk.about([retained_metric(derivation)]),
        notices=(why,),
    )


Told = tuple[tuple[Stay, ...], SurvivalCurve]


def _groups(desk: Desk, derivation: Derivation, by: Slice) -> tuple[dict[str, Told | str], int]:
    """Stays and curve of each group, or why it has none; the largest first, and how many are left out."""
    cut, members = desk.view.slice, [desk.view.member]
    if by and desk.view.slice != by:
        cut = by
        members = sorted({member[1:] for member in desk.book.members(age_slice(by))})
    grids = [(member, read_grid(desk, derivation, cut, member)) for member in members]
    grids.sort(key=lambda each: (-sum(row.size or 0.0 for row in each[1].rows), each[0]))
    shown = grids[:MOST_CURVES]
    least = desk.catalog.board.minimum_group
    return {group_label(cut, member): _told(grid, least) for member, grid in shown}, len(grids) - len(shown)


def _told(grid: CohortGrid, least: int) -> Told | str:
    if not grid.known and any(row.size is None for row in grid.rows):
        return f"not shown, to protect groups of fewer than {least}."
    stays = tuple(_stays(grid))
    if any(stay.lost < 0 for stay in stays):
        return "more came back at an age than left, so that no curve falls."
    curve = survival_curve(stays, minimum_at_risk=max(least, 10))
    return curve.reason if isinstance(curve, Insufficient) else (stays, curve)


def _stays(grid: CohortGrid) -> list[Stay]:
    """Losses from age to age over all cohorts, and who was still there at the last age of each."""
    found = []
    for age in range(grid.ages):
        reached = [row for row in grid.known if age < len(row.active)]
        before = sum((row.active[age - 1] if age else row.size) or 0.0 for row in reached)
        lost = round(before - sum(row.active[age] for row in reached))
        ended = round(sum(row.active[age] for row in reached if age + 1 == len(row.active)))
        found.append(Stay(until=age, lost=lost, still_here=ended))
    return found


def _sentence(
    desk: Desk, curves: Mapping[str, SurvivalCurve], test: LogRank | Insufficient | None, period: Grain
) -> str:
    age = _told_age(curves.values(), period)
    if age is None:
        return "Nobody was watched for long enough to tell who stays."
    shares = {label: desk.text(curve.survival_at(age), Unit.PERCENT) for label, curve in curves.items()}
    when = f"{age} {period.value}{'' if age == 1 else 's'} after joining"
    if test is None:
        [(label, curve)] = curves.items()
        whom = "those who joined" if label == group_label((), ()) else f"{label}"
        return f"{shares[label]} of {whom} are still here {when}{_half(curve, period)}."
    told = listed([f"{share} of {label}" for label, share in shares.items()])
    if isinstance(test, Insufficient):
        return f"{told} are still here {when}; whether they stay alike cannot be tested."
    p = "< 0.001" if test.p < 0.001 else f"= {test.p:.3f}"
    if test.p < LEVEL:
        return f"The groups do not stay alike: {told} are still here {when} (log-rank p {p})."
    return f"The groups stay alike, as far as can be told: {told} are still here {when} (log-rank p {p})."


def _half(curve: SurvivalCurve, period: Grain) -> str:
    if curve.median is None:
        return ""
    return f"; half are gone after {curve.median:.0f} {period.value}{'' if curve.median == 1 else 's'}"


def _told_age(curves: Collection[SurvivalCurve], period: Grain) -> int | None:
    """A year, or the last age that all curves tell of."""
    ends = int(min(curve.ends_at for curve in curves))
    return min(ends, A_YEAR[period]) or None


def _sheet(desk: Desk, curves: Mapping[str, SurvivalCurve], period: Grain) -> Sheet:
    columns = (
        Column("Group"),
        Column(f"Age in {period.value}s", Unit.COUNT),
        Column("At risk", Unit.COUNT),
        Column("Lost", Unit.COUNT),
        Column("Still here", Unit.PERCENT),
        Column("Low", Unit.PERCENT),
        Column("High", Unit.PERCENT),
    )
    rows = [
        (
            Field(label),
            Field(f"{step.age:.0f}", step.age),
            Field(desk.count(step.at_risk), float(step.at_risk)),
            Field(desk.count(step.lost), float(step.lost)),
            *(Field(desk.text(share, Unit.PERCENT), share) for share in (step.survival, step.low, step.high)),
        )
        for label, curve in curves.items()
        for step in curve.steps
    ]
    return Sheet(columns, tuple(rows))
