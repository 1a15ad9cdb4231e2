"""What a command does not need is not loaded when it begins."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    *("duckdb", "psycopg", "pymysql", "openpyxl", "pyarrow", "scipy.optimize", "streamlit", "vl_convert"),
    *("altair", "pptx", "typst", "xlsxwriter"),
)
CONFIGURED = ("pydantic", "sqlalchemy", "sqlglot")  # what a configuration is read with


def loaded(*modules: str, among: tuple[str, ...] = HEAVY) -> set[str]:
    """The heavy modules that a new Python has once it has imported the named ones."""
    told = f"print(*(name for name in {among!r} if name in sys.modules))"
    program = f"import sys; import {', '.join(modules)}; {told}"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return set(found.stdout.split())


def test_the_door_alone_loads_no_command() -> None:
    assert loaded("dashboard.cli", among=HEAVY + CONFIGURED) == set()


@pytest.mark.parametrize("command", ["closing", "restating"])
def test_what_reads_the_ledger_loads_no_driver_of_sources(command: str) -> None:
    assert loaded("dashboard.cli", f"dashboard.commands.{command}") == set()


def test_a_pack_loads_no_format_before_it_is_made_and_no_driver_of_sources() -> None:
    assert loaded("dashboard.cli", "dashboard.commands.packing", "dashboard.demo.build") == set()
