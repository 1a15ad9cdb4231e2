"""Commentary is Markdown; here it becomes paragraphs of plain, bold and slanted text for any document.

Headings, lists, emphasis, code and links are read. A picture is never fetched: its text stands for it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dashboard.pack.plain_text import plain_text

_SPECIAL = re.compile(r"([\\`*_\[\]()#!<>~|&])")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+(.*)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_INLINE = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>`[^`\n]+`)"
    r"|(?P<link>!?\[(?P<label>(?:\\.|[^\]\\])*)\]\((?P<to>[^()\s]*)\))"
    r"|(?P<strong>\*\*(?=\S)(?P<bold>.+?)(?<=\S)\*\*|__(?=\S)(?P<bold_>.+?)(?<=\S)__)"
    r"|(?P<em>\*(?=\S)(?P<slanted>[^*]+?)(?<=\S)\*|(?<!\w)_(?=\S)(?P<slanted_>[^_]+?)(?<=\S)_(?!\w))"
)


@dataclass(frozen=True)
class Run:
    """A piece of text in one style."""

    text: str
    bold: bool = False
    slanted: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Runs that stand together; `bullet` for an entry of a list."""

    runs: tuple[Run, ...]
    bullet: bool = False

    @property
    def text(self) -> str:
        """The paragraph without its styles."""
        return "".join(run.text for run in self.runs)


def escaped(text: str) -> str:
    """`text` with every sign escaped that would be read as Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def paragraphs(markdown: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text in Markdown, in order."""
    found: list[Paragraph] = []
    lines: list[str] = []

    def end() -> None:
        if lines:
            found.append(Paragraph(tuple(_runs(" ".join(lines)))))
            lines.clear()

    for line in plain_text(markdown).split("\n"):
        if heading := _HEADING.match(line):
            end()
            found.append(Paragraph(tuple(replace(run, bold=True) for run in _runs(heading[1]))))
        elif bullet := _BULLET.match(line):
            end()
            found.append(Paragraph(tuple(_runs(bullet[1])), bullet=True))
        elif not line.strip():
            end()
        elif not lines and found and found[-1].bullet and line.startswith("  "):
            found[-1] = replace(found[-1], runs=(*found[-1].runs, Run(" "), *_runs(line.strip())))
        else:
            lines.append(line.strip())
    end()
    return tuple(each for each in found if each.text.strip())


def _runs(text: str) -> Iterator[Run]:
    place = 0
    for found in _INLINE.finditer(text):
        if found.start() > place:
            yield Run(text[place : found.start()])
        place = found.end()
        if found["escape"]:
            yield Run(found["escape"][1])
        elif found["code"]:
            yield Run(found["code"][1:-1])
        elif found["link"] is not None:
            label = _ESCAPE.sub(r"\1", found["label"])
            yield Run(f"{label} ({found['to']})" if found["to"] and not found[0].startswith("!") else label)
        elif found["strong"]:
            yield from (replace(run, bold=True) for run in _runs(found["bold"] or found["bold_"]))
        else:
            yield from (replace(run, slanted=True) for run in _runs(found["slanted"] or found["slanted_"]))
    if place < len(text):
        yield Run(text[place:])
