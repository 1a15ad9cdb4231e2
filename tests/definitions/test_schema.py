"""JSON Schemas for editors: they take what the loader takes, and refuse what it refuses in one file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from connectors.sources import KEYS
from dashboard.definitions.schema import schemas, write_schemas
from yamlfiles.reading import read_document

ROOT = Path(__file__).parent.parent.parent
CONFIGURATIONS = [
    ROOT / "config",
    ROOT / "docs" / "examples" / "online_retail",
    ROOT / "tests" / "configurations" / "small",
]
KINDS = {
    "sources": "source",
    "datasets": "dataset",
    "derivations": "derivations",
    "metrics": "metrics",
    "pages": "page",
    "packs": "pack",
}


def shipped() -> Iterator[tuple[str, Path]]:
    for config in CONFIGURATIONS:
        yield "board", config / "board.yaml"
        for folder, kind in KINDS.items():
            yield from ((kind, path) for path in sorted((config / folder).glob("*.yaml")))


def faults(kind: str, value: Any) -> list[str]:
    """What the schema says of a value; dates are text to JSON."""
    plain = json.loads(json.dumps(_keyed(value), default=str))
    return [error.message for error in Draft202012Validator(schemas()[kind]).iter_errors(plain)]


def _keyed(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _keyed(part) for key, part in value.items()}
    return [_keyed(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("kind", "path"), list(shipped()), ids=lambda part: str(part).removeprefix(f"{ROOT}/")
)
def test_what_we_ship_fits_its_schema(kind: str, path: Path) -> None:
    document, problems = read_document(path, path.name)
    assert problems == ()
    assert faults(kind, document.value) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("board", {"organisation": "A"}),
        ("annotations", [{"at": "2026-04"}]),
        ("annotations", [{"at": "2026-04", "text": "A", "kind": "prices"}]),
        ("annotations", {"at": "2026-04", "text": "A"}),
        ("dataset", {"source": "a", "scenario": {"column": "b"}}),
        ("dataset", {"source": "a", "signs": {"by": "b"}}),
        ("dataset", {"source": "a", "tabel": "b"}),
        ("dataset", {"source": "a", "table": None}),
        ("dataset", {"source": "a", "measures": {"Bad Name": "count(*)"}}),
        ("dataset", {"source": "a", "event": {"at": "b", "covers": "week"}}),
        ("dataset", {"source": "a", "event": 3}),
        ("metrics", {"score": {"name": "A"}}),
        ("page", {"question": "A?", "panels": [{"pear": "a"}]}),
        ("source", {"owner": "A"}),
        ("source", {"url": "a", "files": "b"}),
    ],
)
def test_what_is_wrong_is_refused(kind: str, value: Any) -> None:
    assert faults(kind, value) != []


def test_short_and_long_forms_fit() -> None:
    assert (
        faults("dataset", {"source": "a", "event": "at", "lookups": {"b": "c"}, "slices": ["d", ["d", "e"]]})
        == []
    )
    long = {"source": "a", "event": {"at": "b", "covers": "month"}, "lookups": {"b": {"column": "c"}}}
    assert faults("dataset", long) == []


def test_the_schemas_are_written_and_are_schemas(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path / "new" / "schemas")
    assert [path.name for path in paths] == [
        f"{kind}.schema.json"
        for kind in ("board", "source", "dataset", "derivations", "metrics", "annotations", "page", "pack")
    ]
    for path in paths:
        Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_the_keys_of_a_source_are_those_that_the_connectors_read() -> None:
    assert set(schemas()["source"]["properties"]) == set(KEYS)


def test_annotations_fit_their_schema() -> None:
    assert faults("annotations", [{"at": "2026-04", "text": "A", "scope": "revenue"}]) == []
    assert (
        faults("annotations", [{"at": "2026-04-15", "text": "A", "scope": ["a", "b"], "kind": "rebase"}])
        == []
    )
