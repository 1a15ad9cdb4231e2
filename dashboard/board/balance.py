"""Balance: no page with one side alone, no activity without its outcome, no survey without its coverage.

None of this keeps a configuration from being used. It is what a board will ask for, told before it does.
"""

from collections.abc import Iterator

from dashboard.board.shown import shown_metrics
from dashboard.board.survey_trust import of_survey
from dashboard.definitions.model import Catalog, Metric, Page, PanelKind, PanelSpec, Side
from yamlfiles.problems import Problem


def remarks(catalog: Catalog) -> tuple[Problem, ...]:
    """All that is out of balance, in order of file and line."""
    found = [each for page in catalog.pages.values() for each in _of_page(catalog, page)]
    found += [each for metric in catalog.metrics.values() for each in _of_metric(catalog, metric)]
    return tuple(sorted(set(found)))


def _of_page(catalog: Catalog, page: Page) -> Iterator[Problem]:
    metrics = shown_metrics(catalog, page)
    sides = {metric.side for metric in metrics}
    if sides == {Side.FINANCIAL}:
        told = "The page shows financial figures alone. Add a panel of a customer or a people metric."
        yield _at(catalog, f"pages.{page.name}", told)
    elif sides and Side.FINANCIAL not in sides:
        told = "The page shows no financial figure. Draw a metric with its neighbour: write pair, not trend."
        yield _at(catalog, f"pages.{page.name}", told)
    shown = {metric.id: metric for metric in metrics}
    told_of: set[str] = set()
    for index, panel in enumerate(page.panels):
        for metric in _drawn(catalog, panel):
            if metric.activity and metric.id not in told_of and not _has_outcome(metric, shown):
                told_of.add(metric.id)
                yield _at(catalog, f"pages.{page.name}.{index}", _lacking(catalog, metric))


def _drawn(catalog: Catalog, panel: PanelSpec) -> Iterator[Metric]:
    """The metrics that a panel draws, its neighbour included where it draws one."""
    subjects = [catalog.metrics[name] for name in panel.subjects if name in catalog.metrics]
    yield from subjects
    for metric in subjects if panel.kind is PanelKind.PAIR else ():
        if metric.neighbour is not None:
            yield catalog.metric(metric.neighbour.metric)


def _has_outcome(metric: Metric, shown: dict[str, Metric]) -> bool:
    """Whether what should come of an activity is on the page: its neighbour or, without one, any outcome."""
    if metric.neighbour is None:
        return any(not each.activity for each in shown.values())
    outcome = shown.get(metric.neighbour.metric)
    return outcome is not None and not outcome.activity


def _lacking(catalog: Catalog, metric: Metric) -> str:
    told = f"The activity {metric.id!r} stands here without its outcome."
    neighbour = metric.neighbour
    if neighbour is None:
        return f"{told} Add a metric that says what came of it."
    if catalog.metric(neighbour.metric).activity:
        return f"{told} Its neighbour {neighbour.metric!r} is one, too: name an outcome in {metric.file}."
    return f"{told} Write pair: {metric.id}, which draws {neighbour.metric!r} with it."


def _of_metric(catalog: Catalog, metric: Metric) -> Iterator[Problem]:
    place = f"metrics.{metric.id}"
    has_target = metric.targets or metric.member_targets or metric.target_measure
    if not has_target and metric.no_target is None:
        told = f"The metric {metric.id!r} has no target. Write one, or target: {{none: reason}}."
        yield _at(catalog, place, told)
    if not of_survey(catalog, metric):
        return
    if metric.coverage is None and metric.no_coverage is None:
        told = (
            f"The survey metric {metric.id!r} does not say how many answered. "
            "Write coverage: the metric that does, or {none: reason}."
        )
        yield _at(catalog, place, told)
    if metric.feeds_pay:
        told = (
            f"Pay depends on the survey metric {metric.id!r}, which invites gaming. "
            "Pay on a metric of behaviour instead."
        )
        yield _at(catalog, place, told)


def _at(catalog: Catalog, name: str, message: str) -> Problem:
    file, _, line = catalog.places[name].rpartition(":")
    return Problem(file, int(line), 1, message)
