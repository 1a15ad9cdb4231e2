"""How metrics and measures were defined when: a text for each version, from its first run on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from typing import Any

import sqlalchemy as sa

from dashboard.definitions.model import Catalog
from dashboard.definitions.texts import measure_text, metric_text
from dashboard.ledger.connecting import LedgerDatabase
from dashboard.ledger.kept import Kept
from dashboard.ledger.schema import definitions, runs

METRIC, MEASURE = "metric", "measure"
RUNS_KEPT = 32


@dataclass(frozen=True)
class Definition:
    """A version of a metric ("net_promoter_score") or of a measure ("survey.promoters"), as YAML."""

    kind: str
    name: str
    version: str
    text: str


@dataclass(frozen=True)
class Defined:
    """A definition that came into force with `run`, at the moment `at`."""

    definition: Definition
    run: int
    at: datetime


def definitions_of(catalog: Catalog) -> tuple[Definition, ...]:
    """All metrics and measures of a catalog. Metrics with parts that it does not hold are left out."""
    measures = [
        Definition(MEASURE, measure.key, measure.version, measure_text(catalog, measure))
        for origin in catalog.origins.values()
        for measure in origin.measures.values()
    ]
    metrics = []
    for metric in catalog.metrics.values():
        try:
            text = metric_text(catalog, metric)
        except KeyError:  # a refresh of some datasets alone has a catalog without the other measures
            continue
        metrics.append(Definition(METRIC, metric.id, metric.version, text))
    return (*metrics, *measures)


class Definitions:
    """The definitions in a ledger; may be shared by threads. Every method may raise LedgerError."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database
        self._kept: Kept[tuple[Definition, ...]] = Kept(RUNS_KEPT)

    def history(self, kind: str, name: str, *, as_of: datetime | None = None) -> tuple[Defined, ...]:
        """The versions of a metric or measure in the order they came into force."""
        query = _with_moment().where(definitions.c.kind == kind, definitions.c.name == name)
        if as_of is not None:
            query = query.where(runs.c.finished_at <= as_of)
        with self._database.reading() as connection:
            return tuple(_defined(row) for row in connection.execute(query.order_by(definitions.c.run)))

    def histories(
        self, kind: str, names: Collection[str], *, as_of: datetime | None = None
    ) -> Mapping[str, tuple[Defined, ...]]:
        """The same of many, in one reading; those that were never recorded are left out."""
        query = _with_moment().where(definitions.c.kind == kind, definitions.c.name.in_(sorted(names)))
        if as_of is not None:
            query = query.where(runs.c.finished_at <= as_of)
        found: dict[str, list[Defined]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query.order_by(definitions.c.run)):
                found.setdefault(row.name, []).append(_defined(row))
        return {name: tuple(history) for name, history in found.items()}

    def in_force(self, run: int) -> tuple[Definition, ...]:
        """How everything was defined when `run` was recorded, as far as that was recorded."""

        def read() -> tuple[Definition, ...]:
            with self._database.reading() as connection:
                return tuple(Definition(*row) for row in connection.execute(_in_force(run)))

        return self._kept.kept(run, read)


def difference(before: Definition, after: Definition) -> str:
    """What changed from one version to the next, line by line, with - and +; empty where nothing did."""
    lines = unified_diff(
        before.text.splitlines(), after.text.splitlines(), before.version, after.version, lineterm="", n=2
    )
    return "\n".join(lines)


def record_definitions(
    connection: sa.Connection, run: int, found: Collection[Definition]
) -> list[Mapping[str, Any]]:
    """Append the definitions that differ from those in force, and give their rows."""
    if not found:
        return []
    known = {(row.kind, row.name): row.version for row in connection.execute(_in_force(run))}
    rows = [_row(run, each) for each in found if known.get((each.kind, each.name)) != each.version]
    if rows:
        connection.execute(definitions.insert(), rows)
    return list(rows)


def _row(run: int, found: Definition) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "name": found.name,
        "run": run,
        "version": found.version,
        "text": found.text,
    }


def _in_force(run: int) -> sa.Select[Any]:
    table = definitions.c
    newest = (
        sa.select(table.kind, table.name, sa.func.max(table.run).label("run"))
        .where(table.run <= run)
        .group_by(table.kind, table.name)
        .subquery()
    )
    same = sa.and_(table.kind == newest.c.kind, table.name == newest.c.name, table.run == newest.c.run)
    return sa.select(table.kind, table.name, table.version, table.text).join(newest, same)


def _with_moment() -> sa.Select[Any]:
    return sa.select(definitions, runs.c.finished_at).join(runs, runs.c.id == definitions.c.run)


def _defined(row: sa.Row[Any]) -> Defined:
    return Defined(Definition(row.kind, row.name, row.version, row.text), row.run, row.finished_at)
