"""Fifty board members with the demo open at once: how long a page takes, and what a reader costs in memory.

Readers speak to a server of its own as a browser does, over Streamlit's web socket: each opens the
first page, reads, and turns to one page after the other, in an order of its own, until each has seen
them all. A page takes from the click until the script has run and every part of it has arrived; what
the browser then draws is told by benchmarks/page_switch.py. A reader costs what the server's memory has
grown by since it had drawn each page once, when everybody has seen every page and is still there,
shared out. Goals on two cores: no error, 95 of 100 pages within 2 s, 5 MB a reader.

    python -m benchmarks.fifty_readers [--readers 50] [--reading 10]
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from benchmarks.pages import measured_demo
from benchmarks.resident import below, megabytes
from tests.browser.serving import started

WITHIN, EACH = 2.0, 5.0  # seconds for 95 of 100 pages, megabytes a reader
LARGEST = 200_000_000  # bytes of a message


@dataclass
class Told:
    """What all readers together have seen: seconds a page, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--reading", type=float, default=10.0, help="seconds on a page, on the average")
    asked = parser.parse_args()
    place = measured_demo()
    command = (sys.executable, "-m", "dashboard", "serve", "--demo", "--port")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "serve.log"
        with started(command, log, place.environ) as address:
            told, grown = asyncio.run(_browse(address, asked.readers, asked.reading))
        tracebacks = log.read_text().count("Traceback")
    _tell(told, grown / asked.readers, asked.readers, tracebacks)


async def _browse(address: str, readers: int, reading: float) -> tuple[Told, float]:
    """What the readers saw, and by how many megabytes the server grew with them."""
    alone = Told()
    await _reader(address, 0, 0.0, alone, asyncio.Barrier(1))  # makes every page, once
    server = _server(address)
    before, told = _resident(server), Told()
    all_read, told_of = asyncio.Barrier(readers + 1), asyncio.Barrier(readers + 1)
    async with asyncio.TaskGroup() as group:
        for number in range(1, readers + 1):
            group.create_task(_reader(address, number, reading, told, all_read, told_of))
        await all_read.wait()
        grown = _resident(server) - before
        await told_of.wait()
    told.faults += alone.faults
    return told, grown


async def _reader(address: str, number: int, reading: float, told: Told, *stay: asyncio.Barrier) -> None:
    """One reader, from the first page through all others, who stays until the others have read, too."""
    choose = random.Random(number)  # noqa: S311
    await asyncio.sleep(choose.uniform(0, reading))
    url = f"{address.replace('http', 'ws')}/_stcore/stream"
    async with websockets.connect(url, max_size=LARGEST, subprotocols=["streamlit"]) as socket:  # type: ignore[list-item]
        pages = await _open(socket, "", told)
        others = [page for page in pages.values() if page]
        choose.shuffle(others)
        for page in others:
            await asyncio.sleep(choose.expovariate(1 / reading) if reading else 0.0)
            await _open(socket, page, told)
        for barrier in stay:
            await barrier.wait()


async def _open(socket: ClientConnection, page: str, told: Told) -> Mapping[str, str]:
    """Turn to a page by its hash; the pages that there are, by their paths."""
    asked = BackMsg()
    asked.rerun_script.page_script_hash = page
    asked.rerun_script.context_info.timezone = "Europe/Amsterdam"
    began, pages = time.perf_counter(), dict[str, str]()
    await socket.send(asked.SerializeToString())
    while True:
        message = ForwardMsg()
        message.ParseFromString(await socket.recv(decode=False))
        kind = message.WhichOneof("type")
        if kind == "navigation":
            pages = {each.url_pathname: each.page_script_hash for each in message.navigation.app_pages}
        elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            told.faults.append(message.delta.new_element.exception.message)
        elif kind == "script_finished":
            told.seconds.append(time.perf_counter() - began)
            return pages


def _server(address: str) -> int:
    """The process that was started with the port of an address."""
    port = address.rpartition(":")[2].encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it may just have ended
            if (process / "cmdline").read_bytes().rstrip(b"\0").endswith(b"--port\0" + port):
                return int(process.name)
    raise SystemExit("The server's process was not found; its memory cannot be told.")


def _resident(server: int) -> float:
    """Megabytes that a process and those below it have together."""
    return sum(megabytes(pid)[0] for pid in below(server))


def _share(seconds: Sequence[float], part: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(part * len(seconds)))]


def _tell(told: Told, each: float, readers: int, tracebacks: int) -> None:
    late = _share(told.seconds, 0.95)
    print(f"{readers} readers opened {len(told.seconds)} pages")
    half = _share(told.seconds, 0.5)
    print(f"a page: half within {half:.2f} s, 95 of 100 within {late:.2f} s  (goal {WITHIN} s)")
    print(f"memory: {each:.1f} MB a reader  (goal {EACH} MB)")
    print(f"errors: {len(told.faults)} on pages, {tracebacks} in the log  (goal 0)")
    for fault in dict.fromkeys(told.faults):
        print(f"  {fault}")


if __name__ == "__main__":
    main()
