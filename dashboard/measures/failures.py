"""What measuring may raise, for those who measure through this package and know no connectors."""

from connectors.errors import SourceError, SourceUnreachable
from dashboard.errors import MeasuringError

__all__ = ["MeasuringError", "SourceError", "SourceUnreachable"]
