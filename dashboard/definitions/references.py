"""Names in formulas: do they exist, do metrics refer to themselves, can the spans asked for be measured?"""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.definitions.entries import UNKNOWN, MetricEntry
from dashboard.definitions.expressions import Formula, MeasureRef, MetricRef
from dashboard.definitions.lineage import references
from dashboard.definitions.model import Dataset, Origin
from dashboard.definitions.values import NAME
from yamlfiles.problems import did_you_mean
from yamlfiles.reading import Document


@dataclass(frozen=True)
class MetricDraft:
    """A metric as written, with its formulas parsed; None where one could not be."""

    name: str
    entry: MetricEntry
    document: Document
    formula: Formula | None
    base: Formula | None


@dataclass(frozen=True)
class Known:
    """All that a formula may name.

    `broken` are names that are defined but have problems of their own. Where not all files with metrics are
    YAML, any name may be that of a metric.
    """

    datasets: Mapping[str, Origin]  # and derivations
    metrics: Mapping[str, MetricDraft]
    broken: frozenset[str]
    all_metrics: bool

    def wrong_with(self, reference: MeasureRef | MetricRef) -> str | None:
        """What is wrong with a name; None where it exists, or is broken and told elsewhere."""
        if isinstance(reference, MetricRef):
            return self._wrong_with_metric(reference.metric)
        if reference.dataset in self.broken or reference.key in self.broken:
            return None
        dataset = self.datasets.get(reference.dataset)
        if dataset is None:
            measured = [name for name, known in self.datasets.items() if known.measures]
            return f"There is no dataset {reference.dataset!r}. {did_you_mean(reference.dataset, measured)}"
        if reference.measure not in dataset.measures:
            mark = f"{dataset.name}."
            told = {key.removeprefix(mark) for key in self.broken if key.startswith(mark)}
            hint = did_you_mean(reference.measure, dataset.measures.keys() | set(filter(NAME.match, told)))
            what = "dataset" if isinstance(dataset, Dataset) else "derivation"
            return f"The {what} {dataset.name!r} has no measure {reference.measure!r}. {hint}"
        return None

    def stands_alone(self, metric: str) -> bool:
        """Whether a metric says that it has no neighbour."""
        draft = self.metrics.get(metric)
        return draft is not None and draft.entry.neighbour.none not in (None, UNKNOWN)

    def _wrong_with_metric(self, name: str) -> str | None:
        if name in self.metrics or name in self.broken or not self.all_metrics:
            return None
        owners = [key for key, dataset in self.datasets.items() if name in dataset.measures]
        hint = f"Write {owners[0]}.{name} for the measure." if owners else did_you_mean(name, self.metrics)
        return f"There is no metric {name!r}. {hint}"


def cycles(drafts: Mapping[str, MetricDraft]) -> dict[str, tuple[str, ...]]:
    """Each circle of metrics once, under its alphabetically first name: a -> (a, b, a)."""
    found: dict[str, tuple[str, ...]] = {}
    done: set[str] = set()
    for start in sorted(drafts):
        _follow(start, drafts, (), done, found)
    return found


def _follow(
    name: str,
    drafts: Mapping[str, MetricDraft],
    way: tuple[str, ...],
    done: set[str],
    found: dict[str, tuple[str, ...]],
) -> None:
    if name in way:
        circle = way[way.index(name) :]
        first = circle.index(min(circle))
        circle = circle[first:] + circle[:first]
        found[circle[0]] = (*circle, circle[0])
        return
    if name in done or name not in drafts:
        return
    formula = drafts[name].formula
    for reference in references(formula) if formula is not None else ():
        if isinstance(reference, MetricRef):
            _follow(reference.metric, drafts, (*way, name), done, found)
    done.add(name)


def measures_under(formula: Formula, known: Known) -> set[str]:
    """Keys of the measures under a formula, through metrics too; unknown names are left out."""
    return _measures_in(formula, known, set())


def _measures_in(formula: Formula, known: Known, seen: set[str]) -> set[str]:
    keys: set[str] = set()
    for reference in references(formula):
        if isinstance(reference, MeasureRef):
            dataset = known.datasets.get(reference.dataset)
            if dataset is not None and reference.measure in dataset.measures:
                keys.add(reference.key)
        elif reference.metric in known.metrics and reference.metric not in seen:
            seen.add(reference.metric)
            inner = known.metrics[reference.metric].formula
            keys |= _measures_in(inner, known, seen) if inner is not None else set()
    return keys
