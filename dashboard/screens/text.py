"""Text that is shown as it stands, whatever it holds: data and configuration are never taken for Markdown."""

import re

import streamlit as st

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~$:<&@])")


def literal(text: str) -> str:
    """`text` with every sign that Markdown could act on escaped."""
    return _SPECIAL.sub(r"\\\1", text)


def small(text: str) -> None:
    """Draw small print; `text` is Markdown. Streamlit's own caption is too pale to be read by everybody."""
    st.markdown(f":gray[:small[{text}]]")
