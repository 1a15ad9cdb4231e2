"""Text that is shown as it stands, whatever it holds: data and configuration are never taken for Markdown."""

import re
from collections.abc import Collection, Sequence

import pandas as pd
import streamlit as st

# On a phone, where a table scrolls anyhow; on anything wider the difference is below 0, and the table fits.
FIRST_COLUMN = "clamp(0px, (640px - 100vw) * 999, 8rem)"
LONG = 20  # letters
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~$:<&@])")


def literal(text: str) -> str:
    """`text` with every sign that Markdown could act on escaped."""
    return _SPECIAL.sub(r"\\\1", text)


def small(*lines: str) -> None:
    """Draw small print; the lines are Markdown. Streamlit's own caption is too pale for everybody to read."""
    st.markdown("  \n".join(f":gray[:small[{line}]]" for line in lines))


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, figures: Collection[str], alt: str | None = None
) -> None:
    """Draw a table of texts, the columns named in `figures` to the right; on a narrow screen it scrolls.

    `alt` says what it holds to those who hear it.
    """
    frame = pd.DataFrame([[literal(cell) for cell in row] for row in rows], columns=list(map(literal, heads)))
    right = [place for place, head in enumerate(heads) if head in figures]
    # Streamlit aligns each cell by itself, as a text: only what is important comes before that.
    styled = (
        frame.style.set_properties(subset=frame.columns[right], **{"text-align": "right !important"})
        .set_properties(subset=frame.columns[_wordy_first(rows)], **{"min-width": FIRST_COLUMN})
        .set_table_styles(
            [{"selector": f"th.col{place}", "props": "text-align: right !important"} for place in right]
        )
    )
    st.table(styled, border="horizontal", width="content", alt=alt)


def _wordy_first(rows: Sequence[Sequence[str]]) -> list[int]:
    """The place of the first column, if it has long texts: a phone would break them after every word."""
    return [0] if any(row and len(row[0]) > LONG for row in rows) else []
