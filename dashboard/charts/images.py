"""A drawing as SVG or PNG, made in this process: no browser. The same spec gives the same bytes."""

import re
from typing import Any

import vl_convert

from dashboard.charts.engines import begin

VEGA_LITE = "6.1"

# What no SVG may hold. A null character would even end the process that draws it.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The same as an expression's JSON writes it, unless the backslash itself is escaped.
_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\u00(?:0[0-8bcef]|1[0-9a-f])")


def svg(spec: dict[str, Any]) -> bytes:
    """A Vega-Lite specification as SVG text, UTF-8."""
    begin()
    return str(vl_convert.vegalite_to_svg(drawable(spec), vl_version=VEGA_LITE)).encode()


def png(spec: dict[str, Any], *, scale: float = 2.0) -> bytes:
    """A Vega-Lite specification as a PNG picture, `scale` pixels a point."""
    return rasterised(svg(spec), scale=scale)


def rasterised(drawn: bytes, *, scale: float = 2.0) -> bytes:
    """What `svg` has drawn as the picture that `png` makes: for who wants both, and need not draw twice."""
    begin()
    return bytes(vl_convert.svg_to_png(drawn.decode(), scale=scale))


def drawable(value: Any) -> Any:
    """A specification without the control characters that a name from a database may hold."""
    if isinstance(value, str):
        return _ESCAPED.sub(r"\1", _ILLEGAL.sub("", value))
    if isinstance(value, dict):
        return {key: drawable(each) for key, each in value.items()}
    return [drawable(each) for each in value] if isinstance(value, list) else value
