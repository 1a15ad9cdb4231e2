"""Entering what the board decided: nothing is entered that cannot be followed up."""

from datetime import datetime

from dashboard.definitions.model import Catalog
from dashboard.errors import DashboardError
from dashboard.ledger.decisions import Decision, DecisionState, Resolution
from dashboard.ledger.store import Ledger
from yamlfiles.problems import did_you_mean


def enter_decision(
    catalog: Catalog, ledger: Ledger, resolution: Resolution, *, author: str, now: datetime
) -> Decision:
    """Enter a decision; DashboardError where text, owner, author or the size of the effect is absent."""
    parts = {
        "what was decided": resolution.what,
        "who does it": resolution.owner,
        "your name": author,
    }
    absent = [name for name, text in parts.items() if not text.strip()]
    if absent:
        raise DashboardError(f"The decision was not entered: write {', '.join(absent)}.")
    expected = resolution.expects
    if expected is not None and expected.metric not in catalog.metrics:
        hint = did_you_mean(expected.metric, catalog.metrics)
        raise DashboardError(f"The decision was not entered: there is no metric {expected.metric!r}. {hint}")
    if expected is not None and not expected.change:
        raise DashboardError("The decision was not entered: say by how much the metric should move.")
    return ledger.decisions.add(resolution, author=author.strip(), now=now)


def change_state(
    ledger: Ledger, decision: Decision, state: DecisionState, *, author: str, now: datetime
) -> Decision:
    """Mark a decision as done, dropped or open again; DashboardError where nobody signs it."""
    if not author.strip():
        raise DashboardError("A change is signed. Write your name.")
    standing = decision.resolution
    resolution = Resolution(standing.what, standing.owner, standing.due, standing.expects, state)
    return ledger.decisions.change(
        decision.number, resolution, author=author.strip(), now=now, based_on=decision.version
    )
