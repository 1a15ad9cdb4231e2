"""One panel of a page as a slide or a sheet of its own, for a presentation that somebody else makes."""

from dataclasses import replace
from datetime import datetime

from dashboard.board.commentary import Commentary
from dashboard.board.panels import BoardPage, Exhibited
from dashboard.definitions.pack import Cover, PackSpec
from dashboard.pack.document.compiling import manuscript, pdf
from dashboard.pack.model import BoardPack, PackPage
from dashboard.pack.slides.deck import draw
from dashboard.pack.slides.planning import panel_slides
from dashboard.pack.slides.template import open_template


def of_panel(
    page: BoardPage,
    panel: Exhibited,
    notes: tuple[Commentary, ...],
    *,
    known: datetime,
    version: str,
) -> BoardPack:
    """A pack of the panel alone, without cover and appendices.

    `known` (aware) is the moment as of which its figures are, `version` the hash of the configuration.
    """
    alone = PackPage(replace(page, panels=(panel,)), notes)
    return BoardPack(
        spec=PackSpec(panel.key, (page.page.name,), (), Cover(panel.sentence)),
        board=page.board,
        code=page.board.calendar.code(page.period),
        view=page.view,
        known=known,
        run=page.run,
        close=page.closed.close if page.closed else None,
        version=version,
        pages=(alone,),
        definitions=(),
        restated=(),
        methods=(),
    )


def panel_presentation(pack: BoardPack) -> bytes:
    """The panel's slide (or slides, where it has many lines) as a .pptx file."""
    template = open_template(None)
    page = pack.pages[0]
    planned = tuple(panel_slides(pack, page, page.shown.panels[0], template.rooms))
    return draw(pack, template, planned, lambda what, share: None)


def panel_document(pack: BoardPack) -> bytes:
    """The panel's sheet as PDF/UA-1."""
    return pdf(manuscript(pack, whole=False))
