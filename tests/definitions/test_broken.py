"""Broken configurations, kept as files. Every problem of each is told, at its place, with its remedy.

A case is laid over the small configuration, so its files show what is wrong and little else. `removed.txt`
names files to take away first (* for all). `pytest --update-golden` records expected.txt.
"""

import shutil
from pathlib import Path

import pytest

from dashboard.definitions.load import collect, load_catalog
from dashboard.errors import ConfigurationError

BROKEN = Path(__file__).parent / "broken"
SMALL = Path(__file__).parent.parent / "configurations" / "small"
CASES = sorted(path.name for path in BROKEN.iterdir() if path.is_dir())
KEPT_BESIDE = ("expected.txt", "removed.txt")


def laid_out(case: str, folder: Path) -> Path:
    """The case as a whole configuration, in `folder`."""
    config = shutil.copytree(SMALL, folder / "config")
    removed = BROKEN / case / "removed.txt"
    for name in removed.read_text().split() if removed.exists() else ():
        if name == "*":
            shutil.rmtree(config)
            config.mkdir()
        else:
            (config / name).unlink()
    for path in (BROKEN / case).rglob("*"):
        if path.is_file() and path.name not in KEPT_BESIDE:
            target = config / path.relative_to(BROKEN / case)
            target.parent.mkdir(exist_ok=True, parents=True)
            shutil.copyfile(path, target)
    return config


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told(case: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    catalog, problems = collect(laid_out(case, tmp_path), sources={"shop": "Finance Systems"})
    told = "".join(f"{problem}\n" for problem in problems).replace(str(tmp_path), "<here>")
    expected = BROKEN / case / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(told, encoding="utf-8")
    assert catalog is None
    assert told == expected.read_text(encoding="utf-8")


def test_there_are_cases() -> None:
    assert len(CASES) >= 12


def test_load_catalog_raises_them_all_at_once(tmp_path: Path) -> None:
    config = laid_out("unknown_names", tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        load_catalog(config, sources={"shop": ""})
    assert (
        str(caught.value) == (BROKEN / "unknown_names" / "expected.txt").read_text(encoding="utf-8").rstrip()
    )
