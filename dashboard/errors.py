"""Every error that a user may see. Anything else is our bug and keeps its traceback."""

import hashlib
import traceback
from datetime import datetime

from yamlfiles.problems import Problem, ProblemsError

__all__ = ["ConfigurationError", "DashboardError", "Problem"]


class DashboardError(Exception):
    """Says what is wrong, where, and what to do; the text is shown to users as it is."""


class ConfigurationError(ProblemsError, DashboardError):
    """All problems of a configuration, each with file, line and column."""


class UnknownNameError(DashboardError):
    """A metric, slice, page or period was asked for that does not exist."""


class LedgerError(DashboardError):
    """The ledger cannot be opened, read or written."""


class LostUpdateError(LedgerError):
    """Somebody else has changed it meanwhile; nothing was written, and both texts are told.

    `yours` is the text that was not written, `theirs` the one that stands, by `author`, since `at` (in UTC).
    """

    def __init__(self, what: str, yours: str, theirs: str, author: str, at: datetime) -> None:
        super().__init__(
            f"{what} was changed by {author} on {at:%Y-%m-%d} at {at:%H:%M} UTC, after you had opened it. "
            f"Yours was not saved: bring the two together and save again.\n"
            f"Theirs: {theirs}\nYours: {yours}"
        )
        self.yours, self.theirs, self.author, self.at = yours, theirs, author, at


class MeasuringError(DashboardError):
    """A dataset could not be measured; names the source and the dataset."""


def fault_reference(error: BaseException) -> str:
    """A short name for a fault of ours: stands on the screen and beside its traceback in the log."""
    told = "".join(traceback.format_exception(error))
    return hashlib.sha256(told.encode()).hexdigest()[:6].upper()


def fault_text(reference: str) -> str:
    """What a user reads instead of a traceback."""
    return (
        f"This is a fault of Boardseat's own, not of yours. Give its reference, {reference}, to whoever runs "
        "the server: the log has the details."
    )
