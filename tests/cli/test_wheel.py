import os
import re
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from tests.cli.test_serve import free_port

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="The build back-end is not installed; make test brings it.")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    (found,) = folder.glob("boardseat-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment with the wheel and, for the rest, our own libraries."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    site = next((folder / "lib").glob("python*")) / "site-packages"
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")  # after the wheel on the path
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--no-deps", "--no-index", str(wheel)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return folder / "bin"


def ours(home: Path) -> dict[str, str]:
    """The environment without what would lead back to the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BOARDSEAT"))}
    return {**kept, "BOARDSEAT_HOME": str(home)}


def test_the_wheel_holds_the_demo_and_the_theme_and_nothing_for_developers(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"dashboard/app.py", "dashboard/demo/config/board.yaml", "dashboard/.streamlit/config.toml"} <= {
        *names
    }
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "boardseat",
        "connectors",
        "dashboard",
        "yamlfiles",
    }
    assert not [name for name in names if name.endswith((".sqlite", ".duckdb", ".pyc"))]


def test_the_demo_company_lives_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        command = [str(installed / words[0]), *words[1:]]
        result = subprocess.run(
            command, cwd=tmp_path, env=ours(tmp_path / "home"), capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    where = run("python", "-c", "import dashboard; print(dashboard.__file__)")
    assert where.startswith(str(installed.parent))
    assert re.fullmatch(
        r"ok: 1 source, \d+ datasets, \d+ derivations, \d+ metrics, \d+ pages?\n",
        run("boardseat", "check", "--demo"),
    )
    assert "boardseat 0." in run("boardseat", "--version")
    port = free_port()
    process = subprocess.Popen(
        [str(installed / "boardseat"), "serve", "--demo", "--port", str(port)],
        cwd=tmp_path,
        env=ours(tmp_path / "home"),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Boardseat is at http://localhost:{port}  (Ctrl-C stops it)\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
            assert answer.read() == b"ok"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    asked = run("boardseat", "query", "net_promoter_score", "--demo", "--grain", "year", "--format", "csv")
    assert re.search(r"^net_promoter_score,\d{4}-04-01,\d+\.\d+,\d+,ok$", asked, re.MULTILINE)
