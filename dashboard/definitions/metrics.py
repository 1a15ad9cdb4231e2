"""Entries of config/metrics -> Metrics: names resolved, formulas checked, versions hashed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from dashboard.definitions.chart_kinds import fault_of_chart
from dashboard.definitions.derivation import Bridge, Derivation
from dashboard.definitions.entries import UNKNOWN, MetricEntry
from dashboard.definitions.expressions import Formula, MeasureRef, MetricRef
from dashboard.definitions.folder import Folder
from dashboard.definitions.formulas import parse_formula
from dashboard.definitions.lineage import references
from dashboard.definitions.messages import read_entry
from dashboard.definitions.model import Metric, Neighbour, Origin, SurveyCoverage
from dashboard.definitions.parsing import ExpressionError
from dashboard.definitions.references import Known, MetricDraft, cycles, measures_under
from dashboard.definitions.rendering import render
from dashboard.definitions.scenario_formulas import scenarios_of, without_scenario, written_out
from dashboard.definitions.shapes import WANTED, divisor
from dashboard.definitions.spread import measured_parts
from dashboard.definitions.targets import read_target
from dashboard.definitions.time_shifts import faults_of_shifts
from dashboard.definitions.values import NAME, describe
from dashboard.definitions.versions import metric_version
from dashboard.units import Unit
from yamlfiles.problems import Problem
from yamlfiles.reading import Document


def read_metrics(
    folder: Folder, datasets: Mapping[str, Origin], broken: frozenset[str], problems: list[Problem]
) -> tuple[Mapping[str, Metric], Known]:
    """Metrics by name, in order of the files. `broken` are names told already.

    `datasets` are all that has measures: derivations, too."""
    drafts: dict[str, MetricDraft] = {}
    failed: set[str] = set(broken)
    for name, document in _declared(folder, problems):
        entry = read_entry(MetricEntry, document, (name,), problems)
        if entry is None:
            failed.add(name)
        else:
            drafts[name] = _draft(name, entry, document, problems)
    readable = all(document.readable for document in folder.metrics.values())
    known = Known(datasets, MappingProxyType(drafts), frozenset(failed), readable)
    for draft in drafts.values():
        problems.extend(_wrong_names(draft, known))
    circles = cycles(drafts)
    for name, circle in circles.items():
        message = (
            f"The formulas go round in a circle: {' -> '.join(circle)}. Take one of them out of a formula."
        )
        problems.append(drafts[name].document.problem((name, "formula"), message, of_key=False))
    versions: dict[str, str] = {}
    if circles:
        return MappingProxyType({}), known
    drafts = {name: _in_scenarios(draft, known, problems) for name, draft in drafts.items()}
    known = replace(known, metrics=MappingProxyType(drafts))
    metrics = {
        name: metric
        for name, draft in drafts.items()
        if (metric := _metric(draft, known, versions, problems)) is not None
    }
    return MappingProxyType(metrics), known


def _declared(folder: Folder, problems: list[Problem]) -> Iterator[tuple[str, Document]]:
    """Every name with the document that defines it first; a second definition names both places."""
    first: dict[str, str] = {}
    for document in folder.metrics.values():
        if not isinstance(document.value, Mapping):
            if document.value is not None:
                message = f"The file is {describe(document.value)}, where metrics by name are wanted."
                problems.append(document.problem((), f"{message} Begin with a name: net_promoter_score:"))
            continue
        for name in document.value:
            if not isinstance(name, str) or not NAME.match(name):
                message = f"{name!r} is no name of a metric. Use small letters, digits and _."
                problems.append(document.problem((str(name),), message))
            elif name in first:
                message = f"The metric {name!r} is defined twice, first at {first[name]}. Keep one of them."
                problems.append(document.problem((name,), message))
            else:
                line, _ = document.place((name,))
                first[name] = f"{document.file}:{line}"
                yield name, document


def _draft(name: str, entry: MetricEntry, document: Document, problems: list[Problem]) -> MetricDraft:
    formulas: dict[str, Formula | None] = {}
    for key, text in (("formula", entry.formula), ("base", entry.base)):
        formulas[key] = None
        if text in (None, UNKNOWN):
            continue
        try:
            formulas[key] = parse_formula(text)
        except ExpressionError as error:
            problems.append(document.problem((name, key), error.message, of_key=False, offset=error.offset))
    return MetricDraft(name, entry, document, formulas["formula"], formulas["base"])


def _wrong_names(draft: MetricDraft, known: Known) -> Iterator[Problem]:
    """Names that do not exist, spans that are not measured, and a neighbour that is none."""
    document, name = draft.document, draft.name
    for key, formula in (("formula", draft.formula), ("base", draft.base)):
        if formula is None:
            continue
        named = list(references(formula))
        for reference in named:
            if wrong := known.wrong_with(reference):
                yield document.problem((name, key), wrong, of_key=False, offset=reference.offset)
        if not named:
            message = "The formula names no measure. Write one as dataset.measure."
            yield document.problem((name, key), message, of_key=False)
        for message in faults_of_shifts(formula, known):
            yield document.problem((name, key), message, of_key=False)
    if wrong := _wrong_coverage(draft, known):
        yield document.problem((name, "coverage"), wrong)
    neighbour = draft.entry.neighbour.metric
    location = (name, "neighbour", "metric")
    if neighbour == name:
        yield document.problem(location, "A metric is no neighbour of its own. Name another.", of_key=False)
    elif neighbour is not None and (wrong := known.wrong_with(MetricRef(neighbour))):
        hint = f"{wrong} Or write neighbour: {{none: reason}}."
        yield document.problem(location, hint, of_key=False)


def _coverage(entry: MetricEntry) -> SurveyCoverage | None:
    given = entry.coverage
    if given is None or given.metric is None:
        return None
    return SurveyCoverage(given.metric, tuple(given.of), tuple(given.of.values()))


def _wrong_coverage(draft: MetricDraft, known: Known) -> str | None:
    """The metric that says how many answered must exist, and be recorded by the slice that is named."""
    found = _coverage(draft.entry)
    if found is None:
        return None
    if wrong := known.wrong_with(MetricRef(found.metric)):
        return wrong
    there = known.metrics.get(found.metric)
    if there is not None and there.entry.unit is not Unit.PERCENT:
        return f"{found.metric!r} is in {there.entry.unit}, and a share is wanted. Name one in percent."
    if found.slice and there is not None and there.formula is not None:
        under = {key.partition(".")[0] for key in measures_under(there.formula, known)}
        if any(found.slice not in known.datasets[name].slices for name in under):
            return f"{found.metric!r} is not recorded by {', '.join(found.slice)}. Name a slice that is."
    return None


def _in_scenarios(draft: MetricDraft, known: Known, problems: list[Problem]) -> MetricDraft:
    """The metric with plan(x) and its like written out; without the formula where x has no plan."""
    written: dict[str, Formula | None] = {}
    for key, formula in (("formula", draft.formula), ("base", draft.base)):
        written[key] = formula
        if formula is None or any(known.wrong_with(each) for each in references(formula)):
            continue
        lacking = list(without_scenario(formula, known))
        for offset, told in lacking:
            location = (draft.name, key)
            problems.append(draft.document.problem(location, told, of_key=False, offset=offset))
        written[key] = None if lacking else written_out(formula, known)
    return replace(draft, formula=written["formula"], base=written["base"])


def _slices(draft: MetricDraft, known: Known) -> frozenset[str]:
    """The dimensions by which every measure of the metric is recorded."""
    under = (
        {key.partition(".")[0] for key in measures_under(draft.formula, known)} if draft.formula else set()
    )
    cuts = [{cut[0] for cut in known.datasets[name].slices if len(cut) == 1} for name in under]
    return frozenset(set.intersection(*cuts)) if cuts else frozenset()


def _in_the_line(formula: Formula, known: Known) -> MeasureRef | None:
    """Of a line of a bridge, how many are in it: what tells of few is kept back, whoever asks."""
    if not isinstance(formula, MeasureRef):
        return None
    origin, counted = known.datasets.get(formula.dataset), f"{formula.measure}_count"
    if not isinstance(origin, Derivation) or not isinstance(origin.rule, Bridge):
        return None
    return MeasureRef(formula.dataset, counted) if counted in origin.measures else None


def _metric(
    draft: MetricDraft, known: Known, versions: dict[str, str], problems: list[Problem]
) -> Metric | None:
    entry, formula = draft.entry, draft.formula
    place = (draft.name, "target")
    target = read_target(entry.target, draft.document, place, known, problems, slices=_slices(draft, known))
    parts = None if formula is None else _interval_parts(draft, formula, known, problems)
    if formula is None or parts is None:
        return None
    base = draft.base or divisor(entry.interval, parts) or _in_the_line(formula, known)
    return Metric(
        id=draft.name,
        name=entry.name,
        question=entry.question,
        why=entry.why,
        formula=formula,
        formula_text=entry.formula,
        unit=entry.unit,
        better=entry.better,
        side=entry.side,
        interval=entry.interval,
        interval_parts=parts,
        base=base,
        base_text=entry.base or (None if base is None else render(base)),
        owner=entry.owner,
        action=entry.action,
        targets=target.values,
        target_measure=target.measure,
        target_stands=target.stands,
        member_targets=target.members,
        scenarios=scenarios_of(formula, known),
        scenario_bases=MappingProxyType({}) if base is None else scenarios_of(base, known),
        neighbour=_neighbour(entry),
        no_neighbour=entry.neighbour.none,
        coverage=_coverage(entry),
        no_coverage=entry.coverage.none if entry.coverage else None,
        activity=entry.activity,
        feeds_pay=entry.feeds_pay,
        source=entry.source,
        pitfalls=entry.pitfalls,
        chart=entry.chart,
        tolerance=entry.tolerance,
        version=_version(draft, known, versions),
        file=draft.document.file,
        no_target=target.none,
    )


def _interval_parts(
    draft: MetricDraft, formula: Formula, known: Known, problems: list[Problem]
) -> tuple[Formula, ...] | None:
    """What the metric's interval is made of; None where it or the chart does not fit the formula."""
    entry, document = draft.entry, draft.document
    parts = measured_parts(entry.interval, formula, known.datasets)
    if parts is None:
        message = f"The interval {entry.interval} needs a formula of the form {WANTED[entry.interval]}."
        told = f"{message} Write it so, or interval: none."
        problems.append(document.problem((draft.name, "interval"), told, of_key=False))
        return None
    if fault := fault_of_chart(entry.chart, formula):
        problems.append(document.problem((draft.name, "chart"), fault, of_key=False))
        return None
    return parts


def _neighbour(entry: MetricEntry) -> Neighbour | None:
    pair = entry.neighbour
    if pair.metric is None:
        return None
    return Neighbour(pair.metric, pair.sign or "none", pair.lag, pair.because or "")


def _version(draft: MetricDraft, known: Known, versions: dict[str, str]) -> str:
    """The version of a metric, and of those it names; metrics that go round in a circle never come here."""
    if draft.name not in versions:
        parts = {}
        for reference in references(draft.formula) if draft.formula is not None else ():
            if isinstance(reference, MeasureRef):
                dataset = known.datasets.get(reference.dataset)
                measure = dataset.measures.get(reference.measure) if dataset else None
                parts[reference.key] = measure.version if measure else ""
            elif reference.metric in known.metrics:
                parts[reference.metric] = _version(known.metrics[reference.metric], known, versions)
        versions[draft.name] = metric_version("" if draft.formula is None else render(draft.formula), parts)
    return versions[draft.name]
