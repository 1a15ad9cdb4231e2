"""The table of the conformance suite: which engine gives the model's numbers for which case."""

import re

import pytest

from tests.engines import ENGINES

_OF_THE_SUITE = re.compile(r"test_conformance\.py::\w+\[(\w+)-([\w-]+)\]$")
_MARKS = {"passed": "same", "failed": "DIFFERS", "error": "ERROR", "skipped": "not asked"}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print engines by cases, where the suite ran."""
    table: dict[str, dict[str, str]] = {}
    for outcome, mark in _MARKS.items():
        for report in terminalreporter.stats.get(outcome, ()):
            found = _OF_THE_SUITE.search(getattr(report, "nodeid", ""))
            if found:
                engine, case = found.groups()
                table.setdefault(case, {})[engine] = mark
    if not table:
        return
    width = max(len("case"), *map(len, table)) + 2
    terminalreporter.section("conformance: the numbers of the model")
    terminalreporter.write_line("case".ljust(width) + "".join(engine.ljust(12) for engine in ENGINES))
    for case in sorted(table):
        row = "".join(table[case].get(engine, "-").ljust(12) for engine in ENGINES)
        terminalreporter.write_line(case.ljust(width) + row.rstrip())
