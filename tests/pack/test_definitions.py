"""config/packs: what is read, what stands for a file that is not there, and which pack is meant."""

import re
import shutil
from pathlib import Path

import pytest

from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog
from dashboard.definitions.pack import Appendix, Cover, PackSpec
from dashboard.definitions.packs import PackEntry
from dashboard.errors import UnknownNameError

SMALL = Path(__file__).parents[1] / "configurations" / "small"


def loaded(folder: Path, **packs: str) -> Catalog:
    config = shutil.copytree(SMALL, folder / "config")
    (config / "packs").mkdir()
    for name, text in packs.items():
        (config / "packs" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_catalog(config, sources={"shop": ""})


def test_without_a_file_there_is_the_pack_of_all_pages(tmp_path: Path) -> None:
    catalog = loaded(tmp_path)
    assert catalog.pack() == PackSpec("board", catalog.board.pages, tuple(Appendix), Cover("Board pack"))


def test_everything_that_a_file_may_say(tmp_path: Path) -> None:
    text = """
pages: [overview]
appendices: [restatements]
cover: {title: Customers, text: For the second quarter.}
recipients: Confidential. For the members of the board.
"""
    assert loaded(tmp_path, supervisors=text).pack("supervisors") == PackSpec(
        name="supervisors",
        pages=("overview",),
        appendices=(Appendix.RESTATEMENTS,),
        cover=Cover("Customers", "For the second quarter."),
        recipients="Confidential. For the members of the board.",
    )


def test_a_cover_is_a_title_in_short(tmp_path: Path) -> None:
    assert loaded(tmp_path, board="cover: Customers").pack().cover == Cover("Customers")


def test_one_of_several_has_to_be_named(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, board="cover: A", works_council="cover: B")
    with pytest.raises(UnknownNameError) as several:
        catalog.pack()
    assert str(several.value) == "There are several packs. Name one: board, works_council."
    with pytest.raises(UnknownNameError) as unknown:
        catalog.pack("bord")
    assert str(unknown.value) == "There is no pack 'bord'. Did you mean 'board'?"


def test_every_key_is_documented_and_no_other() -> None:
    text = (Path(__file__).parents[2] / "docs" / "packs.md").read_text(encoding="utf-8")
    section = text.partition("\n## packs/\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE) == list(PackEntry.model_fields)
