"""Text that is shown as it stands, whatever it holds: data and configuration are never taken for Markdown."""

import re
from collections.abc import Sequence

import streamlit as st

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~$:<&@])")


def literal(text: str) -> str:
    """`text` with every sign that Markdown could act on escaped."""
    return _SPECIAL.sub(r"\\\1", text)


def small(*lines: str) -> None:
    """Draw small print; the lines are Markdown. Streamlit's own caption is too pale for everybody to read."""
    st.markdown("  \n".join(f":gray[:small[{line}]]" for line in lines))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table whose first column is text and whose others are figures, aligned to the right."""
    lines = [[literal(head) for head in heads], ["---", *("---:" for _ in heads[1:])]]
    lines += [[literal(cell) for cell in row] for row in rows]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
