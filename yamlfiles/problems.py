"""A problem in a file of the configuration: where it is, what is wrong, how to mend it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

MOST_TOLD = 40  # names; more would bury what is wrong


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
    """The nearest known name, or all of them where none is near: the remedy in most messages.

    Near is what is spelled alike, what has the letters as its initials (`nps`), or what alone holds the name.
    """
    close = get_close_matches(name, known, n=1) or _abbreviated(name.lower(), sorted(known))
    if close:
        return f"Did you mean {close[0]!r}?"
    if not known:
        return "None is defined yet."
    told = sorted(known)[:MOST_TOLD]
    more = f" and {len(known) - len(told)} more" if len(known) > len(told) else ""
    return f"Known: {', '.join(told)}{more}."


def _abbreviated(name: str, known: Sequence[str]) -> list[str]:
    initials = [each for each in known if "".join(word[:1] for word in each.lower().split("_")) == name]
    holding = [each for each in known if name and name in each.lower().split("_")]
    return next((found for found in (initials, holding) if len(found) == 1), [])
