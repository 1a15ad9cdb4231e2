"""The charts of a document drawn while its pack is still being read: each page's as soon as it is known."""

from dashboard.charts.drawing_process import DrawingProcess
from dashboard.pack.document.pictures import PageCharts, PagePictures, page_charts, page_pictures, specs
from dashboard.pack.model import PackPage


class ChartsAhead:
    """The charts of the pages that are known so far, of which another process draws one after another."""

    def __init__(self, drawing: DrawingProcess) -> None:
        self._drawing = drawing
        self._pages: list[PageCharts] = []

    def add(self, page: PackPage) -> None:
        """Describe the charts of one more page, and have them drawn."""
        self._pages.append(page_charts(page))
        for spec in specs(self._pages[-1]):
            self._drawing.ask(spec)

    def end(self) -> None:
        """Tell that all pages are known."""
        self._drawing.end()

    def pictures(self) -> tuple[PagePictures, ...]:
        """The pictures of every page, in the order of the pages. After `end`; waits until all are drawn."""
        drawn = self._drawing.take()
        return tuple(page_pictures(page, drawn) for page in self._pages)
