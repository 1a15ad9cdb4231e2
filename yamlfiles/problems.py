"""A problem in a file of the configuration: where it is, what is wrong, how to mend it."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong at one place. `line` and `column` count from 1; `file` lies in the configuration."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ProblemsError(Exception):
    """Everything wrong in a set of files, at once, in the order of file and place."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(name: str, known: Collection[str]) -> str:
    """The nearest known name, or all of them where none is near: the remedy in most messages."""
    close = get_close_matches(name, known, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    if not known:
        return "None is defined yet."
    return f"Known: {', '.join(sorted(known))}."
