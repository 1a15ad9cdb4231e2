import os
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.commands.serving import theme_folder
from tests.cli.conftest import Ask

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(config: Path, port: int, elsewhere: Path) -> Iterator["subprocess.Popen[str]"]:
    """`boardseat serve`, started in a folder that has nothing to do with it, in its own process group."""
    command = [sys.executable, "-m", "dashboard", "serve", "--config", str(config), "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_a_port_in_use_is_told(boardseat: Ask, shop: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        result = boardseat("serve", "--config", shop, "--port", str(port))
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: Port {port} is in use. Choose another with --port, or stop what listens there.\n",
    )


def test_the_theme_lies_where_streamlit_is_started() -> None:
    theme = tomllib.loads((theme_folder() / ".streamlit" / "config.toml").read_text())
    assert theme["theme"]["light"]["backgroundColor"] == "#FBFAF7"


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_serves_until_it_is_stopped(
    home: Path, shop: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    port = free_port()
    with serving(shop, port, tmp_path) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        while told and "Boardseat is at" not in told:
            told = process.stdout.readline()
        assert told == f"Boardseat is at http://localhost:{port}  (Ctrl-C stops it)\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
            assert answer.read() == b"ok"
        if number is signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        assert process.wait(timeout=30) == code
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
