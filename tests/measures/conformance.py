"""A case of the conformance suite: rows in a database, what is measured of them, what a model says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dashboard.measures.frame import MeasureFrame
from tests.engines import Database
from tests.measures.brute_force import Key, Result, cells_of


@dataclass(frozen=True)
class Case:
    """`frame` fills a database and measures it; `wanted` is what the slow model makes of the same rows.

    `cells` are those of the frame that the model tells.
    """

    name: str
    frame: Callable[[Database], MeasureFrame]
    wanted: Callable[[], Mapping[Key, Result]]
    cells: Callable[[MeasureFrame], Mapping[Key, Result]] = cells_of


def told(cells: Mapping[Key, Result]) -> dict[Key, Result]:
    """Without the members of whom there is nothing: whether they have a cell of 0 or none is the same."""
    return {key: result for key, result in cells.items() if not (key[1] and result in ((0.0, 0), (None, 0)))}
