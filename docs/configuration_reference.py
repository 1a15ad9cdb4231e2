"""The page that lists every key of the YAML files, made from the models that read them, with examples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dashboard.definitions.annotations import AnnotationEntry
from dashboard.definitions.board_entries import BoardEntry
from dashboard.definitions.derivation_entries import DerivationEntry
from dashboard.definitions.effect_entries import EffectEntry
from dashboard.definitions.entries import DatasetEntry, MetricEntry
from dashboard.definitions.packs import PackEntry
from dashboard.definitions.panel_entries import PageEntry, PanelEntry

EXAMPLES = Path(__file__).parent / "examples" / "kinds"
FILES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("config/board.yaml", BoardEntry),
    ("config/datasets/*.yaml", DatasetEntry),
    ("config/derivations/*.yaml, each entry", DerivationEntry),
    ("config/metrics/*.yaml, each entry", MetricEntry),
    ("config/annotations.yaml, each entry", AnnotationEntry),
    ("config/pages/*.yaml", PageEntry),
    ("config/pages/*.yaml, each of the panels", PanelEntry),
    ("config/pages/*.yaml, each of the effects of a panel", EffectEntry),
    ("config/packs/*.yaml", PackEntry),
)
KINDS = (
    *("event", "look_ups", "span", "snapshot", "bridge", "cohort", "conversion", "frequency"),
    *("voices", "register", "targets", "annotations", "scenarios"),
)


def configuration_reference() -> str:
    """The whole page."""
    lines = [
        "# Configuration reference",
        "",
        "Every key of the YAML files, as they are read; `make docs` writes this page. What the keys are for,",
        "and the keys of sources, is told in [configuration.md](configuration.md).",
        "",
        "## Keys",
    ]
    told: set[type[BaseModel]] = set()
    for title, model in FILES:
        lines += _section(title, model, told)
    lines += ["", "## An example of each kind", "", "The tests load and measure every one of them."]
    for kind in KINDS:
        text = (EXAMPLES / f"{kind}.yaml").read_text(encoding="utf-8").rstrip()
        lines += ["", f"### {kind.replace('_', '-').capitalize()}", "", "```yaml", text, "```"]
    return "\n".join(lines) + "\n"


def _section(title: str, model: type[BaseModel], told: set[type[BaseModel]]) -> Iterator[str]:
    """A model's keys, and behind it the models of its keys, each once."""
    told.add(model)
    yield from ("", f"### {title}", "", "| key | | if left out |", "|---|---|---|")
    inner: list[tuple[str, type[BaseModel]]] = []
    for name, field in model.model_fields.items():
        key = field.alias or name
        yield f"| `{key}` | {_text(field.description or '')} | {_default(field)} |"
        found = _model_in(field.annotation)
        if found is not None and found not in told:
            inner.append((f"{title}: {key}", found))
    for place, found in inner:
        if found not in told:
            yield from _section(place, found, told)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "it must be there"
    default = field.default
    if default is None or isinstance(default, BaseModel) or default in ([], {}):
        return ""
    return f"`{json.dumps(default, default=str)}`" if not isinstance(default, str) else f"`{default}`"


def _text(description: str) -> str:
    return description.replace("|", "\\|")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
