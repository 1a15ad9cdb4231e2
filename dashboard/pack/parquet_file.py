"""Every figure of a pack as one Parquet file."""

import io
from dataclasses import asdict, fields
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.pack.data import FigureRow, figure_rows
from dashboard.pack.model import BoardPack

SCHEMA = pa.schema(
    [
        (each.name, {float: pa.float64(), date: pa.date32()}.get(kind, pa.string()))
        for each in fields(FigureRow)
        for kind in (next((known for known in (float, date) if known.__name__ in str(each.type)), str),)
    ]
)


def parquet(pack: BoardPack) -> bytes:
    """All figures as one Parquet file; what they are of stands in its metadata. Equal packs, equal bytes."""
    rows = figure_rows(pack)
    told = {"boardseat": pack.origin, "period": pack.code, "definitions": pack.version, "run": str(pack.run)}
    found = pa.Table.from_pylist([asdict(row) for row in rows], schema=SCHEMA.with_metadata(told))
    out = io.BytesIO()
    pq.write_table(found, out, compression="zstd")  # type: ignore[no-untyped-call]
    return out.getvalue()
