"""Every error that a user may see. Anything else is our bug and keeps its traceback."""

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


class MeasuringError(DashboardError):
    """A dataset could not be measured; names the source and the dataset."""
