"""BoardPack -> XLSX: a sheet a page, with everything behind it."""

from dashboard.definitions.pack import Appendix
from dashboard.pack.model import BoardPack
from dashboard.pack.workbook.book import Book
from dashboard.pack.workbook.other_sheets import (
    definitions_sheet,
    figures_sheet,
    lineage_sheet,
    methods_sheet,
    restatements_sheet,
    since_sheet,
    summary_sheet,
)
from dashboard.pack.workbook.page_sheets import page_sheet


def workbook(pack: BoardPack) -> bytes:
    """The pack as a workbook; the same pack gives the same content."""
    book = Book(pack)
    summary_sheet(book, pack)
    for page in pack.pages:
        page_sheet(book, pack, page)
    figures_sheet(book, pack)
    since_sheet(book, pack)
    appendices = {
        Appendix.DEFINITIONS: (definitions_sheet, lineage_sheet),
        Appendix.RESTATEMENTS: (restatements_sheet,),
        Appendix.METHOD_NOTES: (methods_sheet,),
    }
    for appendix in pack.spec.appendices:
        for write in appendices[appendix]:
            write(book, pack)
    return book.content()
