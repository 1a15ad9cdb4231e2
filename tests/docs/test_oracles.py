"""Every figure that the methods are said to reproduce has the test that is named for it."""

import ast
from functools import cache
from pathlib import Path

import pytest

from docs.oracles import ORACLES

TESTS = Path(__file__).parents[1]


@cache
def defined_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("test", sorted({each.test for each in ORACLES}))
def test_its_test_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert name in defined_in(path), f"{test} is told of in docs/oracles.py and is not there."


def test_each_stands_once() -> None:
    told = [(each.method, each.what) for each in ORACLES]
    assert len(set(told)) == len(told)
