"""`boardseat serve`: Streamlit in the foreground, on the right configuration and in our theme."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

import click
import sqlalchemy as sa

from dashboard.commands.measuring import measure_missing
from dashboard.commands.place import PACKAGE, Place, with_place
from dashboard.deployment import Deployment, ledger_url
from dashboard.errors import DashboardError
from dashboard.ledger.store import Ledger

PORT = 8501
LOCALHOST = "127.0.0.1"
STOP_SECONDS = 3
QUIET = ("--logger.hideWelcomeMessage=true", "--logger.level=warning")  # we say where it is ourselves


@click.command()
@with_place
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=PORT,
    show_default=True,
    metavar="N",
    help="Port to serve on.",
)
@click.pass_context
def serve(ctx: click.Context, place: Place, port: int) -> None:
    """Serve the pages to browsers until Ctrl-C.

    With --demo, what is missing is measured first, so that the first page shows at once.
    """
    if _answers(port):
        raise DashboardError(
            f"Port {port} is in use. Choose another with --port, or stop what listens there."
        )
    if ctx.params["demo"]:
        _measure_first(place.deployment())
    code = _run(_streamlit(place.config, port), _environment(place), port)
    if code:
        raise DashboardError(f"Streamlit ended with exit code {code}. What it wrote above says why.")


def theme_folder() -> Path:
    """The folder that holds .streamlit: that of the checkout, or of the package in an installed wheel.

    Streamlit looks there when it is started in it, wherever we were.
    """
    return PACKAGE.parent if (PACKAGE.parent / ".streamlit").is_dir() else PACKAGE


def _measure_first(deployment: Deployment) -> None:
    with Ledger(deployment.ledger_url) as ledger:
        report = measure_missing(
            deployment, ledger, title="Measuring the demo company", author="boardseat serve"
        )
    for failure in report.failures if report else ():
        click.echo(f"Warning: {failure.message}", err=True)


def _streamlit(config: Path, port: int) -> list[str]:
    program = [sys.executable, "-m", "streamlit", "run", str(PACKAGE / "app.py")]
    options = [f"--server.port={port}", "--server.headless=true", *QUIET]
    return [*program, *options, "--", "--config", str(config)]


def _environment(place: Place) -> Mapping[str, str]:
    """The place's environment; a relative ledger is made absolute, as Streamlit runs in another folder."""
    url = sa.make_url(ledger_url(place.config, place.environ))
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(Path(url.database).resolve()))
    return {**place.environ, "BOARDSEAT_LEDGER": url.render_as_string(hide_password=False)}


def _run(command: list[str], environ: Mapping[str, str], port: int) -> int:
    """Run Streamlit until it ends, telling where it is once it answers; an end that was asked for gives 0."""
    process = subprocess.Popen(command, cwd=theme_folder(), env=environ)  # noqa: S603 (our own command line)
    with _passing_on(signal.SIGTERM, process):
        try:
            while process.poll() is None and not _answers(port):
                time.sleep(0.1)
            if process.poll() is None:
                click.echo(f"Boardseat is at http://localhost:{port}  (Ctrl-C stops it)")
            code = process.wait()
        except KeyboardInterrupt:
            _stop(process)
            raise
    return 0 if code in (0, -signal.SIGTERM, -signal.SIGINT) else code


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C in a terminal reaches Streamlit as well; a signal that was sent to us alone does not."""
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


@contextmanager
def _passing_on(number: signal.Signals, process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Hand a signal on to the process while it runs."""

    def hand_on(_number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    before = signal.signal(number, hand_on)
    try:
        yield
    finally:
        signal.signal(number, before)


def _answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOCALHOST, port)) == 0
