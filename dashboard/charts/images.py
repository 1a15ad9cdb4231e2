"""A drawing as SVG or PNG, made in this process: no browser. The same spec gives the same bytes."""

from typing import Any

import vl_convert

VEGA_LITE = "6.1"


def svg(spec: dict[str, Any]) -> bytes:
    """A Vega-Lite specification as SVG text, UTF-8."""
    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)).encode()


def png(spec: dict[str, Any], *, scale: float = 2.0) -> bytes:
    """A Vega-Lite specification as a PNG picture, `scale` pixels a point."""
    return bytes(vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=scale))
