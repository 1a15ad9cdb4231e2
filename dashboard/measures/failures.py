"""What measuring may raise, for those who measure through this package and know no connectors."""

from connectors.errors import SourceError, SourceUnreachable
from dashboard.errors import MeasuringError

__all__ = ["MeasuringError", "NotConnected", "SourceError", "SourceUnreachable"]


class NotConnected(MeasuringError):  # noqa: N818  (the name says what happened)
    """A dataset cannot be measured, because tables of `datasets` do not exist."""

    def __init__(self, name: str, datasets: tuple[str, ...], message: str) -> None:
        super().__init__(f"Dataset '{name}' was not read, without {' and '.join(datasets)}. {message}")
        self.datasets = datasets
