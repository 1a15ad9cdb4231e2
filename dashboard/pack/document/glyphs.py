"""Signs that no font here can show: a tagged PDF may not hold them, so their names stand for them."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import typst

from dashboard.pack.document.fonts import Typefaces

# Latin, Greek and Cyrillic letters and the punctuation of print are in every text font.
_ORDINARY = (range(0x20, 0x180), range(0x370, 0x378), range(0x391, 0x3CA), range(0x410, 0x450))
_ALWAYS = frozenset("\n\t‐‑–—‘’‚“”„†‡•…‰€−×\u00a0\u202f")
_PROBE = (
    "#set document(title: [Probe])\n#set text(font: sys.inputs.font)\n"
    '#json(bytes(sys.inputs.text)).join(" ")\n'
)


def unusual(value: Any) -> frozenset[str]:
    """The characters in all texts of a JSON value that a font might not have."""
    signs: set[str] = set().union(*(text for text in _texts(value) if not text.isascii()))
    return frozenset(sign for sign in signs - _ALWAYS if not any(ord(sign) in block for block in _ORDINARY))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key != "svg":
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def without_glyphs(signs: frozenset[str], faces: Typefaces, fonts: typst.Fonts) -> frozenset[str]:
    """Those of the signs that no font can show; found by halves, a few milliseconds a probe."""
    return frozenset(_missing(sorted(signs), faces.text, fonts))


def _missing(signs: Sequence[str], font: str, fonts: typst.Fonts) -> Iterator[str]:
    if not signs or _shows("".join(signs), font, fonts):
        return
    if len(signs) == 1:
        yield signs[0]
        return
    half = len(signs) // 2
    yield from _missing(signs[:half], font, fonts)
    yield from _missing(signs[half:], font, fonts)


@cache
def _shows(signs: str, font: str, fonts: typst.Fonts) -> bool:
    try:
        typst.compile(
            _PROBE.encode(),
            format="pdf",
            font_paths=fonts,
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            sys_inputs={"font": font, "text": json.dumps(list(signs))},
        )
    except typst.TypstError:
        return False
    return True


def named(value: Any, missing: frozenset[str]) -> Any:
    """A JSON value with the name of each missing sign in its place: `[party popper]`."""
    if not missing:
        return value
    if isinstance(value, str):
        return value.translate({ord(sign): _name(sign) for sign in missing})
    if isinstance(value, dict):
        return {key: each if key == "svg" else named(each, missing) for key, each in value.items()}
    return [named(each, missing) for each in value] if isinstance(value, list) else value


def _name(sign: str) -> str:
    """The Unicode name in small letters; nothing for what is not seen, such as a joiner."""
    if unicodedata.category(sign) in ("Cf", "Mn", "Me"):
        return ""
    return f"[{unicodedata.name(sign, f'U+{ord(sign):04X}').lower()}]"
