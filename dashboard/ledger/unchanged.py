"""Whether a dataset need not be asked: nothing was written, and the same rows would give the same figures."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.definitions.derivation import Conversion
from dashboard.definitions.model import Catalog, Dataset, Origin
from dashboard.ledger.book import DatasetState
from dashboard.ledger.recording import NOTHING_ASKED
from dashboard.measures.frame import MeasureFrame

# Words of a query by which the same rows may give another answer: the time, and chance.
_CLOCKS = re.compile(
    r"\b(now|today|current_\w+|localtime\w*|getdate|sysdate\w*|clock_timestamp|random\w*|rand|uuid\w*|"
    r"gen_random\w*)\b|\b(date|time|datetime|julianday|unixepoch)\s*\(\s*\)",
    re.IGNORECASE,
)


def dataset_version(dataset: Origin) -> str:
    """Changes when any of the dataset's measures does: then everything must be asked again."""
    versions = sorted((measure.name, measure.version) for measure in dataset.measures.values())
    return hashlib.sha256(json.dumps(versions).encode()).hexdigest()[:16]


def stands_today(catalog: Catalog, dataset: Origin, state: DatasetState, now: datetime) -> bool:
    """Whether the same rows would give the same figures: the same definition, and the same day.

    A query that asks for the time of day, or for chance, may give others at any moment.
    """
    if not state.mark or state.failed_at is not None or state.last_ok_at is None:
        return False
    zone = ZoneInfo(catalog.board.time_zone)
    same_day = state.last_ok_at.astimezone(zone).date() == now.astimezone(zone).date()
    return same_day and state.version == dataset_version(dataset) and not _restless(catalog, dataset)


def _restless(catalog: Catalog, origin: Origin) -> bool:
    datasets = list(_under(catalog, origin))
    datasets += [catalog.datasets[each.dataset] for one in datasets for each in one.lookups.values()]
    return any(each.query is not None and _CLOCKS.search(each.query) for each in datasets)


def _under(catalog: Catalog, origin: Origin) -> Iterator[Dataset]:
    if isinstance(origin, Dataset):
        yield origin
        return
    yield catalog.datasets[origin.dataset]
    if isinstance(origin.rule, Conversion):
        yield catalog.datasets[origin.rule.to_dataset]


def kept(dataset: Origin, known: DatasetState) -> MeasureFrame:
    """What was read before stands, with its rows and warnings; nothing is asked."""
    return MeasureFrame(dataset.name, (), NOTHING_ASKED, None, known.rows, known.warnings)
