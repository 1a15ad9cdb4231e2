"""A pack made once, and the presentation that was drawn of it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pptx import Presentation

from dashboard.definitions.model import Catalog
from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.model import BoardPack
from dashboard.pack.slides.deck import deck
from tests.pack.company import NOW, deployed, measured, written


@dataclass(frozen=True)
class Made:
    catalog: Catalog
    ledger: Ledger
    pack: BoardPack
    blob: bytes
    presentation: Any

    @property
    def slides(self) -> list[Any]:
        return list(self.presentation.slides)


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    home = written(tmp_path_factory.mktemp("company"))
    deployment = deployed(home)
    catalog = deployment.catalog
    with Ledger(deployment.ledger_url) as ledger:
        measured(deployment, ledger)
        request = Request(catalog.pack(), catalog.board.calendar.parse("2026-Q2"))
        pack = bind(catalog, ledger, request, now=NOW)
        blob = deck(pack, None)
        yield Made(catalog, ledger, pack, blob, Presentation(io.BytesIO(blob)))
