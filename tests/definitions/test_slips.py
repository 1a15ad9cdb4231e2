"""One slip a file: what is said of each stands in the file beside it, with the same name and the ending .txt.

A file is laid into the small configuration: a dataset, a file of metrics or of derivations, or
annotations.yaml. `pytest --update-golden` records the texts.
"""

import shutil
from pathlib import Path

import pytest

from dashboard.definitions.load import collect

SLIPS = Path(__file__).parent / "slips"
SMALL = Path(__file__).parent.parent / "configurations" / "small"
FILES = sorted(path.relative_to(SLIPS).as_posix() for path in SLIPS.rglob("*.yaml"))


@pytest.mark.parametrize("name", FILES)
def test_a_slip_is_told_where_it_is_and_how_to_mend_it(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    config = shutil.copytree(SMALL, tmp_path / "config")
    kind, _, file = name.partition("/")
    target = config / "annotations.yaml" if kind == "annotations" else config / kind / file
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(SLIPS / name, target)
    catalog, problems = collect(config, sources={"shop": "Finance Systems"})
    told = "".join(f"{problem}\n" for problem in problems)
    expected = (SLIPS / name).with_suffix(".txt")
    if request.config.getoption("--update-golden"):
        expected.write_text(told, encoding="utf-8")
    assert catalog is None
    assert told == expected.read_text(encoding="utf-8")


def test_there_are_many_and_no_text_without_its_file() -> None:
    assert len(FILES) >= 40
    assert {path.with_suffix("").name for path in SLIPS.rglob("*.txt")} == {Path(name).stem for name in FILES}
