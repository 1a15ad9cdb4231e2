"""What Vega-Lite takes: the schema that Altair carries."""

import json
from typing import Any

import altair as alt


def taken(spec: dict[str, Any]) -> dict[str, Any]:
    """The same specification; a part that the schema does not know is an error."""
    alt.Chart.from_dict(json.loads(json.dumps(spec)))
    return spec
