"""JSON Schemas of the YAML files, so that an editor completes keys and marks slips while one writes."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from dashboard.definitions.annotations import AnnotationEntry
from dashboard.definitions.board_entries import BoardEntry
from dashboard.definitions.derivation_entries import DerivationEntry
from dashboard.definitions.entries import DatasetEntry, MetricEntry
from dashboard.definitions.packs import PackEntry
from dashboard.definitions.panel_entries import PageEntry
from dashboard.definitions.values import NAME_PATTERN

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

# The connectors read sources, and know nothing of us; so their keys are written out here once more.
_SOURCE: Mapping[str, Any] = MappingProxyType(
    {
        "title": "config/sources/<name>.yaml",
        "type": "object",
        "additionalProperties": False,
        "oneOf": [{"required": ["url"]}, {"required": ["files"]}],
        "properties": {
            "url": {"type": "string", "description": "a SQLAlchemy URL, with ${NAME} for its password"},
            "files": {"type": "string", "description": "a folder of CSV, Parquet or XLSX files"},
            "owner": {"type": "string", "description": "who answers for the data"},
            "timeout": {"type": "string", "description": "how long a statement may take, such as 30 seconds"},
            "pool": {"type": "integer", "minimum": 1, "description": "connections at once"},
            "retries": {
                "type": "integer",
                "minimum": 0,
                "description": "attempts to connect after the first",
            },
        },
    }
)


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write a schema for each kind of file into `folder` (made if need be), and give their paths.

    In an editor with a YAML language server, `# yaml-language-server: $schema=../schemas/page.schema.json` on
    the first line of a file turns one on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in schemas().items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        paths.append(path)
    return tuple(paths)


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas by kind of file: board, source, dataset, derivations, metrics, annotations, page, pack."""
    derivations = _many("derivations", DerivationEntry)
    derivations["additionalProperties"] |= {"minProperties": 1, "maxProperties": 1}
    return {
        "board": _schema(BoardEntry),
        "source": {"$schema": _DRAFT, **_SOURCE},
        "dataset": _schema(DatasetEntry),
        "derivations": derivations,
        "metrics": _many("metrics", MetricEntry),
        "annotations": _list("annotations", AnnotationEntry),
        "page": _schema(PageEntry),
        "pack": _schema(PackEntry),
    }


def _many(folder: str, model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a file that holds many, by name."""
    one = _schema(model)
    definitions = one.pop("$defs", {})
    return {
        "$schema": _DRAFT,
        "title": f"config/{folder}/*.yaml",
        "type": ["object", "null"],
        "propertyNames": {"pattern": NAME_PATTERN},
        "additionalProperties": {key: value for key, value in one.items() if key != "$schema"},
        "$defs": definitions,
    }


def _list(name: str, model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a file that is a list."""
    one = _schema(model)
    return {"$schema": _DRAFT, "title": f"config/{name}.yaml", "type": ["array", "null"], "items": one}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"$schema": _DRAFT, **_tidied(model.model_json_schema())}


def _tidied(schema: Any) -> Any:
    """Without null, since a key may be left out but not left empty; without names of any other form."""
    if isinstance(schema, list):
        return [_tidied(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: _tidied(value) for key, value in schema.items() if (key, value) != ("default", None)}
    options = [option for option in inner.get("anyOf", ()) if option != {"type": "null"}]
    if "patternProperties" in inner:
        inner["additionalProperties"] = False
    if len(options) == 1:
        del inner["anyOf"]
        return {**inner, **options[0]}
    return {**inner, "anyOf": options} if options else inner
