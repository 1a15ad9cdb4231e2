"""How arrays become columns of a table."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.demo.registry import CURRENCY
from dashboard.demo.timeline import FIRST_MONTH, MONTHS, Bools, Floats, Ints, Times, utc

ROOM = 20_000_000  # keys of one kind in one part of the company: the next part begins after them


def labelled(codes: Ints, labels: Sequence[str], missing: Bools | None = None) -> pa.Array:
    """Text from codes: each label is stored once. Where `missing` is true the value is null."""
    indices = pa.array(np.asarray(codes, dtype=np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(labels, pa.string()))


def keys(prefix: str, count: int, part: int = 0) -> pa.Array:
    """`C000000001` and so on: a key says what it identifies and nothing about whom."""
    numbers = pa.array(np.arange(1, count + 1, dtype=np.int64) + part * ROOM)
    padding = pc.PadOptions(width=9, padding="0")
    digits = pc.call_function("utf8_lpad", [numbers.cast(pa.string())], padding)
    return pc.call_function("binary_join_element_wise", [pa.scalar(prefix), digits, pa.scalar("")])


def nullable(values: Bools, known: Bools) -> pa.Array:
    """Booleans that are null where nothing is known."""
    return pa.array(values, mask=~known)


def moment(local: Times, missing: Bools | None = None) -> pa.Array:
    """Local time stamps as moments; NaT, and wherever `missing` is true, is null."""
    gone = np.isnat(local) if missing is None else missing | np.isnat(local)
    stamps = pa.array(utc(local).astype("M8[us]").astype(np.int64), mask=gone)
    return stamps.cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))


def money(cents: Ints | Floats, missing: Bools | None = None) -> pa.Array:
    """Cents as euro, with two decimals."""
    return pa.array(np.asarray(cents) / 100, mask=missing)


def euro(count: int) -> pa.Array:
    """The currency of so many amounts."""
    return labelled(np.zeros(count, dtype=np.int64), (CURRENCY,))


def nothing(count: int) -> pa.Array:
    """Text that is null, so many times."""
    return pa.nulls(count, pa.string())


def loads(table: str) -> list[str]:
    """The identifiers of a table's monthly loads, 60 of them."""
    return [f"{table}-{FIRST_MONTH + month}" for month in range(MONTHS)]


def table(name: str, months: Ints, columns: Mapping[str, object]) -> pa.Table:
    """A fact table: each row knows the load that brought it, that of the month it belongs to."""
    load = labelled(np.clip(months, 0, MONTHS - 1), loads(name))
    return pa.table({**columns, "source_load_id": load})


def listing(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """A small table from rows that are written out."""
    return pa.Table.from_pylist([dict(row) for row in rows])
