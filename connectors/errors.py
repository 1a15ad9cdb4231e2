"""What can go wrong between us and a source. Each text names the source, what is wrong and what to do."""

# ruff: noqa: N818  (the names say what happened; the base says that it is an error)


class SourceError(Exception):
    """A source cannot give what was asked. Its text is shown to users and never holds a password."""

    def __init__(self, source: str, message: str) -> None:
        super().__init__(source, message)
        self.source = source
        self.message = message

    def __str__(self) -> str:
        return f"Source {self.source!r}: {self.message}"


class SourceUnreachable(SourceError):
    """Nothing answers: no server, no file, no folder, a broken connection. Tried again with back-off."""


class SourceBusy(SourceError):
    """Somebody else holds the file, the table or all connections. Tried again with back-off."""


class SourceRefused(SourceError):
    """The database does not let this user in, or does not let this statement run."""


class StatementTimeout(SourceError):
    """A statement ran longer than the source's time-out and was stopped."""


class StatementCancelled(SourceError):
    """A statement was stopped because somebody asked for it."""


class MissingTable(SourceError):
    """A table that was asked for does not exist."""


class SourceDataError(SourceError):
    """The data itself cannot be read: a broken CSV row, a text where a number is needed, a damaged file."""
