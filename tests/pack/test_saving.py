"""A presentation is saved as python-pptx would save it, but for the time and for what is packed already."""

import io
import zipfile

from lxml import etree
from pptx import Presentation

from dashboard.pack.slides.saving import FIXED, saved
from tests.pack.conftest import Made


def test_everything_is_saved_that_python_pptx_saves(made: Made) -> None:
    package = Presentation(io.BytesIO(made.blob)).part.package
    usual = io.BytesIO()
    package.save(usual)
    ours, theirs = _files(saved(package)), _files(usual.getvalue())
    assert list(ours) == list(theirs)
    types = "[Content_Types].xml"
    assert _canonical(ours.pop(types)) == _canonical(theirs.pop(types))
    assert ours == theirs


def test_workbooks_of_charts_are_not_packed_twice_and_nothing_tells_the_time(made: Made) -> None:
    with zipfile.ZipFile(io.BytesIO(made.blob)) as package:
        entries = package.infolist()
    stored = {each.filename for each in entries if each.compress_type == zipfile.ZIP_STORED}
    assert stored == {each.filename for each in entries if each.filename.endswith((".xlsx", ".png", ".jpeg"))}
    assert any(name.endswith(".xlsx") for name in stored)
    assert {each.date_time for each in entries} == {FIXED}


def _files(blob: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _canonical(written: bytes) -> bytes:
    return bytes(etree.tostring(etree.fromstring(written), method="c14n"))
