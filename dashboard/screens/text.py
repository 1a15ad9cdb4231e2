"""Text that is shown as it stands, whatever it holds: data and configuration are never taken for Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~$:<&@])")


def literal(text: str) -> str:
    """`text` with every sign that Markdown could act on escaped."""
    return _SPECIAL.sub(r"\\\1", text)
