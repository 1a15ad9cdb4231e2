"""`boardseat explain`: what a metric means, what it is made of, and the SQL that measures it."""

import textwrap
from collections.abc import Iterator

import click

from dashboard.board.provenance import Provenance, provenance
from dashboard.commands.place import Place, with_place
from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Board, Catalog, Metric
from dashboard.errors import UnknownNameError
from dashboard.statements import DatasetPlan, dataset_plans
from dashboard.units import format_count, format_day, format_value

LABEL, WIDTH = 12, 100
MOST_NAMED = 5


@click.command()
@click.argument("metric", metavar="METRIC")
@with_place
@click.option(
    "--dialect", metavar="NAME", help="Write the SQL for duckdb, sqlite, postgresql, mysql or another."
)
def explain(place: Place, metric: str, dialect: str | None) -> None:
    """Explain a metric: meaning, formula, where its figures come from, and the SQL."""
    deployment = place.deployment()
    catalog, now = deployment.catalog, deployment.now()
    if metric in catalog.origins and metric not in catalog.metrics:
        raise UnknownNameError(_no_metric(catalog, metric))
    found = catalog.metric(metric)
    origin = provenance(catalog, {}, found, now.date())
    plans = dataset_plans(deployment, found, dialect=dialect, now=now)
    click.echo(
        "\n".join(
            [
                *_meaning(catalog, found, origin),
                *_lineage(origin, plans),
                *_plan(catalog.board, plans),
                *_sql(plans),
            ]
        )
    )


def _no_metric(catalog: Catalog, name: str) -> str:
    """What to explain in place of a dataset or derivation."""
    kind = "dataset" if name in catalog.datasets else "derivation"
    made = [each.id for each in catalog.metrics.values() if name in datasets_of(catalog, each)]
    told = f"Explain one of the metrics made of it: {', '.join(made[:MOST_NAMED])}."
    return f"{name!r} is a {kind}, and no metric. {told if made else 'No metric is made of it.'}"


def _meaning(catalog: Catalog, metric: Metric, origin: Provenance) -> Iterator[str]:
    board = catalog.board
    targets = [
        f"{format_value(value, metric.unit, locale=board.locale, currency=board.currency)} "
        f"from {format_day(since, locale=board.locale)}"
        for since, value in metric.targets
    ]
    yield f"{metric.name} ({metric.id})"
    yield metric.question
    yield ""
    for label, text in (
        ("Why", metric.why),
        ("Owner", metric.owner),
        ("Formula", metric.formula_text),
        ("Group (n)", metric.base_text),
        ("Unit", metric.unit.value),
        ("Direction", origin.direction),
        ("Interval", metric.interval.value),
        ("Target", ", ".join(targets) or metric.target_measure),
        ("Neighbour", origin.neighbour),
        ("Action", metric.action),
        ("Source", metric.source),
        ("Pitfalls", metric.pitfalls),
        ("Defined in", catalog.places.get(f"metrics.{metric.id}", metric.file)),
        ("Version", metric.version),
    ):
        if text:
            yield from _entry(label, " ".join(text.split()))


def _entry(label: str, text: str, width: int = LABEL) -> list[str]:
    lines = textwrap.wrap(text, WIDTH - width, break_long_words=False, break_on_hyphens=False)
    return [f"{label if not place else '':<{width}}{line}" for place, line in enumerate(lines)]


def _lineage(origin: Provenance, plans: tuple[DatasetPlan, ...]) -> Iterator[str]:
    yield from ("", "Lineage")
    for plan in plans:
        yield f"  {plan.dataset.name}: {plan.origin}"
        yield f"    columns: {', '.join(plan.columns)}"
        for item in origin.ingredients:
            if item.dataset == plan.dataset.name:
                yield f"    {item.key} = {item.text}"


def _plan(board: Board, plans: tuple[DatasetPlan, ...]) -> Iterator[str]:
    """Every SELECT with the measures that share it: all that a refresh asks of the dataset, once each."""
    yield from ("", "Plan")
    for plan in plans:
        many = len(plan.statements)
        rows = (
            "an unknown number of"
            if plan.rows is None
            else f"about {format_count(plan.rows, locale=board.locale)}"
        )
        yield f"  {plan.dataset.name}: {rows} rows, read {'once' if many == 1 else f'{many} times'}"
        for place, statement in enumerate(plan.statements, start=1):
            yield f"  {plan.dataset.name}, SELECT {place} of {many}"
            yield from _entry("    measures", ", ".join(statement.measures), 14)
            yield from _entry("    slices", "; ".join(",".join(cut) or "all" for cut in statement.slices), 14)


def _sql(plans: tuple[DatasetPlan, ...]) -> Iterator[str]:
    for plan in plans:
        for place, statement in enumerate(plan.statements, start=1):
            yield from (
                "",
                f"-- {plan.dataset.name}, SELECT {place} of {len(plan.statements)}, {plan.dialect}",
            )
            if plan.assumed:
                yield f"-- {plan.assumed}"
            yield f"{statement.sql};"
