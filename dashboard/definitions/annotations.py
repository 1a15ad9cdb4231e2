"""Annotations of trends: written in config/annotations.yaml, or rows of a dataset."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from dashboard.definitions.dataset_columns import Expressions, plain_column
from dashboard.definitions.entries import Entry
from dashboard.definitions.expressions import Aggregate, AggregateKind, MetricRef
from dashboard.definitions.lookups import Draft
from dashboard.definitions.messages import read_entry
from dashboard.definitions.model import Annotation, AnnotationKind
from dashboard.definitions.origins import ANNOTATED, MARKS, Dataset, Measure
from dashboard.definitions.references import Known
from dashboard.definitions.targets import first_day
from dashboard.definitions.values import Name, OneOf, OrText, Text, describe
from yamlfiles.problems import Problem
from yamlfiles.reading import Document

ALL = "all"


class AnnotationEntry(Entry):
    """One annotation of config/annotations.yaml."""

    at: Annotated[Any, WithJsonSchema({"type": "string"})] = Field(
        description="the month or the day, such as 2026-04 or 2026-04-15"
    )
    text: Text = Field(description="what happened, in a few words")
    kind: Annotated[AnnotationKind, OneOf(tuple(AnnotationKind))] = Field(
        AnnotationKind.EVENT, description=", ".join(AnnotationKind)
    )
    scope: Annotated[list[Name], OrText()] = Field(
        [ALL], description="the metrics on whose trends it is drawn; all, if left out"
    )


def read_annotations(
    document: Document | None, known: Known, problems: list[Problem]
) -> tuple[Annotation, ...]:
    """The annotations of the file in order of time; what is wrong with them goes into `problems`."""
    if document is None or not document.readable or document.value is None:
        return ()
    if not isinstance(document.value, list):
        told = f"The file is {describe(document.value)}, where a list of annotations is wanted."
        problems.append(document.problem((), f"{told} Begin with: - at: 2026-04."))
        return ()
    found = []
    for index, _ in enumerate(document.value):
        entry = read_entry(AnnotationEntry, document, (index,), problems)
        if entry is not None and (annotation := _annotation(entry, document, index, known, problems)):
            found.append(annotation)
    return tuple(sorted(found, key=lambda each: (each.at, each.text)))


def _annotation(
    entry: AnnotationEntry, document: Document, index: int, known: Known, problems: list[Problem]
) -> Annotation | None:
    told = len(problems)
    at = first_day(entry.at)
    if at is None:
        message = f"{str(entry.at)!r} is no day. Write a month or a day: 2026-04 or 2026-04-15."
        problems.append(document.problem((index, "at"), message, of_key=False))
    for place, name in enumerate(entry.scope):
        location = (
            (index, "scope", place) if isinstance(_written(document, index), list) else (index, "scope")
        )
        wrong = None if name == ALL else known.wrong_with(MetricRef(name))
        if name == ALL and len(entry.scope) > 1:
            wrong = "`all` stands alone. Take the other metrics out, or take it out."
        if wrong:
            problems.append(document.problem(location, wrong, of_key=False))
    if at is None or len(problems) > told:
        return None
    return Annotation(at, entry.text, entry.kind, tuple(name for name in entry.scope if name != ALL))


def _written(document: Document, index: int) -> object:
    entry = document.value[index]
    return entry.get("scope") if isinstance(entry, Mapping) else None


def annotated(draft: Draft, dataset: Dataset, reader: Expressions) -> Dataset:
    """A dataset of annotations: an event, whose kind, scope and text are members of one slice.

    So the ledger keeps them as it keeps figures, and knows which were there at any moment.
    """
    entry = draft.entry.annotations
    if entry is None:
        return dataset
    for key in ("event", "span", "snapshot", "measures", "slices", "dimensions", "scenario", "signs"):
        if key in draft.document.value:
            told = f"A dataset of annotations has no {key}, for it has no figures. Take it out."
            reader.refuse((key,), told, key=True)
    texts = {"kind": entry.kind, "scope": entry.scope, "text": entry.text}
    dimensions = {}
    for name, text in texts.items():
        if text is not None and (
            column := reader.column(("annotations", name), text, dataset.lookups, "any", "annotations")
        ):
            dimensions[name] = column
    marks = Measure(MARKS, dataset.name, Aggregate(AggregateKind.COUNT), "count(*)", "")
    return replace(
        dataset,
        event=plain_column(entry.at),
        dimensions=MappingProxyType(dimensions),
        slices=((), tuple(name for name in ANNOTATED if name in dimensions)),
        measures=MappingProxyType({MARKS: marks}),
        annotations=True,
    )
