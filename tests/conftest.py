"""What every test may use: real databases (tests/engines.py) and golden files."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.engines", "tests.once"]

GOLDEN = Path(__file__).parent / "golden"

# A shell lets what it starts in the background ignore Ctrl-C; so would whatever the tests start and stop.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("boardseat", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("boardseat")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Record tests/golden anew.")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """golden(name, text) compares `text` with tests/golden/<name>, or records it with --update-golden."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        assert path.exists(), f"There is no golden file {name}. Record it with --update-golden and read it."
        assert text == path.read_text(encoding="utf-8"), f"{name} differs; if meant, record it."

    return compare
