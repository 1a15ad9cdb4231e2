"""The layers of the charts of months, written as Vega-Lite takes them.

There are thirty such charts on a page and two hundred in a pack: as objects of Altair each takes ten
milliseconds to describe, as dictionaries a tenth of one. The charts' tests hold them to Altair's schema.
"""

from collections.abc import Sequence
from typing import Any

Spec = dict[str, Any]  # of Vega-Lite: a chart, a layer of one, or a part of a layer


def layer(rows: Sequence[Spec], mark: str, look: Spec, **encoding: Spec | list[Spec]) -> Spec:
    """Rows drawn by marks of one kind; `look` is what all of these marks have in common."""
    return {"data": {"values": list(rows)}, "mark": {"type": mark, **look}, "encoding": encoding}


def quantity(field: str, **more: Any) -> Spec:
    """A channel that shows a number; `more` is its axis and its scale."""
    return {"field": field, "type": "quantitative", **more}


def category(field: str, **more: Any) -> Spec:
    """A channel that shows a text, or a kind; `more` is its scale, or its title in a tooltip."""
    return {"field": field, "type": "nominal", **more}
