"""The text of a definition: all that its number rests on, as YAML that a person can read and compare."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import yaml

try:  # the same text in an eighth of the time, where PyYAML was built with libyaml, as it nearly always is
    from yaml import CSafeDumper as SafeDumper
except ImportError:
    from yaml import SafeDumper  # type: ignore[assignment]

from dashboard.definitions.expressions import Aggregate, Expression, Formula
from dashboard.definitions.formulas import parse_formula
from dashboard.definitions.lineage import references
from dashboard.definitions.model import Catalog, Metric, Origin
from dashboard.definitions.origins import Dataset, Lookup, Measure
from dashboard.definitions.rendering import render, render_aggregate

_APART = frozenset(
    {
        *("name", "measures", "freshness_days", "restate_months", "file", "query_file", "slices"),
        *("scenarios", "scenario_of", "annotations", "survey"),
    }
)


class _Block(SafeDumper):
    """Writes a text of several lines as lines, so that two versions can be compared by line."""


def _text(dumper: SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Block.add_representer(str, _text)


def _formula(formula: Formula, text: str) -> str:
    """As it is written; where it names a plan, as it is written out, since plans may be others later."""
    return text if parse_formula(text) == formula else render(formula)


def metric_text(catalog: Catalog, metric: Metric) -> str:
    """A metric's formula, and the version of everything that it names."""
    parts = {}
    for reference in references(metric.formula):
        key = getattr(reference, "key", None)
        if key is not None:
            parts[key] = catalog.measure(key).version
        else:
            name = reference.metric  # type: ignore[union-attr]  # what has no key names a metric
            parts[name] = catalog.metric(name).version
    content = {
        "formula": _formula(metric.formula, metric.formula_text),
        "base": None if metric.base is None else _formula(metric.base, metric.base_text or ""),
        "unit": metric.unit.value,
        "better": metric.better.value,
        "interval": metric.interval.value,
        "parts": dict(sorted(parts.items())),
    }
    return _written(content)


def measure_text(catalog: Catalog, measure: Measure) -> str:
    """A measure's aggregate, and the rows that it is taken over."""
    origin = catalog.origin(measure.dataset)
    return _written(
        {
            "measure": measure.text,
            "aggregate": render_aggregate(measure.aggregate),
            "behaviour": measure.behaviour.value,
            "at": None if measure.at is None else measure.at.value,
            "rows": _rows(catalog, origin),
            "slices": [list(cut) for cut in origin.slices],
            "company": {
                "time_zone": catalog.board.time_zone,
                "fiscal_year_start": catalog.board.calendar.first_month,
            },
        }
    )


def _rows(catalog: Catalog, origin: Origin) -> dict[str, Any]:
    found = {
        each.name: _plain(getattr(origin, each.name)) for each in fields(origin) if each.name not in _APART
    }
    if isinstance(origin, Dataset):
        found["lookups"] = {name: _looked_up(catalog, lookup) for name, lookup in origin.lookups.items()}
    else:
        found["rows"] = _rows(catalog, catalog.origin(origin.dataset))
    return found


def _looked_up(catalog: Catalog, lookup: Lookup) -> dict[str, Any]:
    there = catalog.datasets[lookup.dataset]
    where = {"source": there.source, "table": there.table, "query": there.query, "where": _plain(there.where)}
    return {"column": lookup.column, "key": lookup.key, **where}


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one line a kind of value
    """What YAML can write: expressions as text, values of ours as mappings, and nothing that is empty."""
    if isinstance(value, Aggregate):
        return render_aggregate(value)
    if isinstance(value, Expression):
        return render(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        return {"kind": type(value).__name__.lower()} | {
            each.name: _plain(getattr(value, each.name)) for each in fields(value)
        }
    return value


def _written(content: Mapping[str, Any]) -> str:
    told = _filled(content)
    return yaml.dump(told, Dumper=_Block, sort_keys=False, allow_unicode=True, width=100)


def _filled(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    return {key: _filled(value) for key, value in content.items() if value not in (None, {}, [], ())}
