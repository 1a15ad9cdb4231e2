"""A running deployment: last good configuration, ledger, pages made once, and a refresh beside them."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from connectors.errors import SourceError
from dashboard.board.assembly import assemble
from dashboard.board.choices import Choices, choices, slices_of
from dashboard.board.commentary import Commentary, read_commentary
from dashboard.board.panels import BoardPage
from dashboard.board.shown import shown_metrics
from dashboard.board.view import View
from dashboard.connections import readers
from dashboard.definitions.lineage import measures_of
from dashboard.definitions.model import Catalog, Metric, Page
from dashboard.deployment import Deployment, fingerprint, load
from dashboard.errors import ConfigurationError, DashboardError, fault_reference, fault_text
from dashboard.ledger.figures import covered
from dashboard.ledger.refresh import Progress, missing, refresh
from dashboard.ledger.revision import Revision
from dashboard.ledger.scope import EVERYTHING, Scope
from dashboard.ledger.store import Ledger
from dashboard.statements import dataset_plans
from yamlfiles.problems import Problem

LOG = logging.getLogger("boardseat")
MOST_KEPT = 512
RUNS_OFFERED = 200

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class PageKey:
    """All that a page depends on: equal keys are equal pages. No viewer sees the page of another scope."""

    catalog: str
    revision: Revision
    page: str
    view: View
    scope: Scope
    today: date
    closes: int = 0  # acts of closing and reopening so far
    as_of: datetime | None = None


@dataclass(frozen=True)
class Measuring:
    """How far a refresh in the background is; `done` counts datasets. `error` when it came to nothing."""

    running: bool
    done: int = 0
    total: int = 0
    dataset: str = ""
    error: str | None = None


class Service:
    """Opened once per process and shared by all sessions; every method may be called from any thread."""

    def __init__(self, config: Path, environ: Mapping[str, str]) -> None:
        self._config, self._environ = config, environ
        self._lock = threading.RLock()
        self._deployment: Deployment | None = None
        self._ledger: Ledger | None = None
        self._problems: tuple[Problem, ...] = ()
        self._fingerprint = ""
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._measuring = Measuring(running=False)
        self._tried: str | None = None
        self.reload()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the configuration as it stands on disk; the last good one is still shown."""
        return self._problems

    @property
    def catalog(self) -> Catalog | None:
        """The last good catalog; None when there never was one."""
        return self._deployment.catalog if self._deployment else None

    @property
    def measuring(self) -> Measuring:
        """The refresh in the background."""
        return self._measuring

    def reload(self) -> None:
        """Read the configuration again if a file has changed; a broken one leaves the last good in place."""
        found = fingerprint(self._config)
        with self._lock:
            if found == self._fingerprint:
                return
            self._fingerprint = found
            try:
                deployment = load(self._config, self._environ)
            except ConfigurationError as error:
                self._problems = error.problems
                return
            self._problems = ()
            if (
                self._ledger is None
                or self._deployment is None
                or self._deployment.ledger_url != deployment.ledger_url
            ):
                self._ledger = Ledger(deployment.ledger_url)
            self._deployment = deployment

    def close(self) -> None:
        """Give back the ledger's connections."""
        with self._lock:
            if self._ledger is not None:
                self._ledger.close()

    def today(self, now: datetime) -> date:
        """The day that `now` (aware) is in the company's own zone."""
        catalog = self.catalog
        return now.astimezone(ZoneInfo(catalog.board.time_zone) if catalog else UTC).date()

    def revision(self) -> Revision:
        """How far the ledger has come; asked once a drawing, so that all of a page is of one state."""
        return self._opened()[1].revision()

    def page(
        self, page: Page, view: View, revision: Revision, *, now: datetime, scope: Scope = EVERYTHING
    ) -> tuple[PageKey, BoardPage]:
        """A page at a revision, the newest; made once per key and kept while it is asked for."""
        catalog, ledger = self._opened()
        key = PageKey(catalog.version, revision, page.name, view, scope, self.today(now))
        moment = None if view.known is None else self._end_of(view.known)
        return key, self.kept(
            key,
            lambda: assemble(catalog, ledger, page, view, scope=scope, today=key.today, as_of=moment),
        )

    def is_made(
        self, page: Page, view: View, revision: Revision, *, now: datetime, scope: Scope = EVERYTHING
    ) -> bool:
        """Whether a page at a revision is kept, and only has to be drawn."""
        catalog, _ = self._opened()
        key = PageKey(catalog.version, revision, page.name, view, scope, self.today(now))
        with self._lock:
            return key in self._kept

    def commentary(
        self,
        page: Page,
        view: View,
        revision: Revision,
        *,
        escape: Callable[[str], str],
        scope: Scope = EVERYTHING,
    ) -> tuple[Commentary, ...]:
        """The notes of a page, with the figures of the view in them."""
        catalog, ledger = self._opened()
        moment = None if view.known is None else self._end_of(view.known)
        key = ("commentary", catalog.version, revision, page.name, view, scope, escape)
        return self.kept(
            key,
            lambda: read_commentary(
                catalog, ledger, page.name, view, scope=scope, as_of=moment, escape=escape
            ),
        )

    @property
    def opened(self) -> tuple[Catalog, Ledger]:
        """The last good catalog and its ledger; ConfigurationError where there never was one."""
        return self._opened()

    def _end_of(self, day: date) -> datetime:
        """The last moment of a day in the company's own zone."""
        catalog, _ = self._opened()
        return datetime.combine(day, time.max, tzinfo=ZoneInfo(catalog.board.time_zone))

    def kept(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, made once for a key that names all it depends on; the oldest are forgotten."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(Kept, self._kept[key])
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def choices(self, page: Page, revision: Revision, *, now: datetime, scope: Scope = EVERYTHING) -> Choices:
        """What may be chosen on a page, at a revision, the newest."""
        catalog, ledger = self._opened()
        key = ("choices", catalog.version, revision, page.name, scope, self.today(now))
        return self.kept(key, lambda: _choices(catalog, ledger, page, scope, self.today(now)))

    def statements(self, metric: Metric, *, now: datetime) -> tuple[str, ...]:
        """The SELECTs that measure a metric, for reading; the sources are asked for their columns."""
        deployment = self._deployment
        if deployment is None:
            return ()

        def told() -> tuple[str, ...]:
            plans = dataset_plans(deployment, metric, dialect=None, now=now)
            return tuple(statement.sql for plan in plans for statement in plan.statements)

        return self.kept(("statements", deployment.catalog.version, metric.id), told)

    def measure_missing(self, *, now: Callable[[], datetime]) -> bool:
        """Measure in the background what was never measured in its present definition; True while it runs."""
        catalog, ledger = self._opened()
        with self._lock:
            if self._measuring.running:
                return True
            if self._tried == catalog.version:  # what failed, too, is not tried again at every click
                return False
            self._tried = catalog.version
            if not missing(catalog, ledger):
                return False
            self._measuring = Measuring(running=True)
        threading.Thread(
            target=self._measure, args=(self._deployment, now), name="boardseat-refresh", daemon=True
        ).start()
        return True

    def _measure(self, deployment: Deployment, now: Callable[[], datetime]) -> None:
        error: str | None = None
        try:
            catalog, ledger = self._opened()
            with readers(deployment) as found:
                refresh(catalog, found, ledger, now=now, author="boardseat serve", progress=self._advance)
        except (DashboardError, SourceError) as problem:
            error = str(problem)
        except Exception as problem:
            reference = fault_reference(problem)
            LOG.exception("Reference %s: the refresh in the background", reference)
            error = fault_text(reference)
        finally:
            with self._lock:
                self._measuring = Measuring(running=False, error=error)

    def _advance(self, progress: Progress) -> None:
        with self._lock:
            self._measuring = Measuring(True, progress.done, progress.total, progress.dataset)

    def _opened(self) -> tuple[Catalog, Ledger]:
        if self._deployment is None or self._ledger is None:
            raise ConfigurationError(self._problems)
        return self._deployment.catalog, self._ledger


def _choices(catalog: Catalog, ledger: Ledger, page: Page, scope: Scope, today: date) -> Choices:
    metrics = shown_metrics(catalog, page)
    measures = {key: version for metric in metrics for key, version in measures_of(catalog, metric).items()}
    slices = slices_of(catalog, metrics)
    book = ledger.book(measures, slices, scope=scope)
    found = [covered(catalog, book, metric) for metric in metrics]
    zone = ZoneInfo(catalog.board.time_zone)
    return choices(
        catalog,
        covered=[reach for reach in found if reach is not None],
        members={slice_: book.members(slice_) for slice_ in slices},
        today=today,
        closed=[(close.name, close.at.astimezone(zone).date()) for close in ledger.closes.standing()],
        measured=[run.finished_at.astimezone(zone).date() for run in reversed(ledger.runs(RUNS_OFFERED))],
    )
