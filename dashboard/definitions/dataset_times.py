"""How a dataset lies in time, and what its measures therefore are over several months."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.definitions.dataset_columns import Expressions, plain_column
from dashboard.definitions.entries import DatasetEntry, MeasureEntry
from dashboard.definitions.expressions import Aggregate, AggregateKind
from dashboard.definitions.model import At, Behaviour, Dataset, Span
from dashboard.periods import Grain
from yamlfiles.reading import Document, Location

KINDS = ("event", "span", "snapshot")
STANDING = {At.OPEN: Behaviour.OPEN, At.CLOSE: Behaviour.CLOSE}
COUNTED_DOWN = frozenset(
    {AggregateKind.COUNT, AggregateKind.SUM, AggregateKind.AVG, AggregateKind.COUNT_DISTINCT}
)  # what starts add to a stock, ends take away again


@dataclass(frozen=True)
class Timing:
    """The columns of a dataset's time; at most one of the first three is given."""

    event: str | None = None
    span: Span | None = None
    snapshot: str | None = None
    covers: Grain | None = None


def timing(entry: DatasetEntry, document: Document, reader: Expressions) -> Timing:
    """The time of a dataset. A second kind is refused, and so are measures without any."""
    given = kinds_of(document)
    if len(given) > 1:
        both = " and ".join(given)
        reader.refuse((given[1],), f"A dataset is of one kind, and {both} are given. Keep one.", key=True)
    if not given and entry.measures and "annotations" not in document.value:
        told = "Measures need a time. Add event: the column with the date or time (or a span, or a snapshot)."
        reader.refuse(("measures",), told, key=True)
    if entry.event is not None:
        return Timing(event=plain_column(entry.event.at), covers=entry.event.covers)
    if entry.span is not None:
        span = Span(plain_column(entry.span.start), plain_column(entry.span.end))
        return Timing(span=span, covers=entry.span.covers)
    if entry.snapshot is not None:
        return Timing(snapshot=plain_column(entry.snapshot.at), covers=entry.snapshot.covers)
    return Timing()


def kinds_of(document: Document) -> tuple[str, ...]:
    """The kinds that the file gives, also those that are wrong in themselves."""
    return tuple(kind for kind in KINDS if kind in document.value)


def behaviour(dataset: Dataset, aggregate: Aggregate, at: At | None) -> Behaviour:
    """What the measure's value over several months is."""
    if dataset.snapshot is not None:
        return Behaviour.CLOSE
    if at in STANDING:
        return STANDING[at]
    return Behaviour.FLOW if aggregate.additive else Behaviour.EXACT


def fault_of_moment(dataset: Dataset, name: str, entry: MeasureEntry, aggregate: Aggregate) -> str | None:
    """What is wrong with when a measure looks at its rows; None where nothing is."""
    if aggregate.kind is AggregateKind.ONLY and dataset.snapshot is None:
        return (
            "only(x) takes a figure that was worked out elsewhere, of which there is one a period and "
            "member. Make the dataset a snapshot, or use another aggregate."
        )
    if dataset.span is None:
        if entry.at is None:
            return None
        return f"Only the measures of a span have a moment. Take at: {entry.at} out of {name!r}."
    if entry.at is None:
        return (
            f"The measure {name!r} says what is counted of the spans, but not when. "
            f"Write {{value: {entry.value}, at: close}}; at is open, close, start or end."
        )
    if entry.at in STANDING and aggregate.kind not in COUNTED_DOWN:
        return (
            f"The {aggregate.kind} of what is running cannot be worked out from starts and ends. "
            "Use at: start or at: end, or a snapshot of what is running."
        )
    return None


def place_of_measure(document: Document, name: str) -> Location:
    """Where a measure's expression stands: behind its name, or behind `value`."""
    measures = document.value.get("measures")
    written = measures.get(name) if isinstance(measures, Mapping) else None
    return ("measures", name, "value") if isinstance(written, Mapping) else ("measures", name)
