"""Text that every file format takes: what no XML may hold is taken out, and lines end alike."""

import re

# XML 1.0 allows no other control characters, no lone surrogates and no noncharacters.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINES = re.compile("\r\n?|[\x85\u2028\u2029]")


def plain_text(text: str) -> str:
    """`text` without characters that would make a document unreadable; its line ends are `\\n`."""
    if text.isprintable():  # none of these are, and a pack asks of a hundred thousand texts
        return text
    return _ILLEGAL.sub("", _LINES.sub("\n", text))


def single_line(text: str) -> str:
    """The same on one line, for names and titles."""
    return " ".join(plain_text(text).split())
