"""A presentation as a file: written once, and so that equal packs are equal files."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from pptx.opc.constants import CONTENT_TYPE
from pptx.opc.spec import default_content_types

FIXED = (1980, 1, 1, 0, 0, 0)  # the time of every file in the zip
PACKED = frozenset({"gif", "jpeg", "jpg", "png", "xlsx"})  # to deflate these again makes them no smaller
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def saved(package: Any) -> bytes:
    """A package of python-pptx as a file.

    Its own `save` writes the time of saving into the zip, and deflates the workbooks of charts once more.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in _files(package):
            entry = zipfile.ZipInfo(name, FIXED)
            packed = name.rpartition(".")[2].lower() in PACKED
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            file.writestr(entry, content)
    return out.getvalue()


def _files(package: Any) -> Iterator[tuple[str, bytes]]:
    parts = tuple(package.iter_parts())
    yield "[Content_Types].xml", content_types(parts)
    yield "_rels/.rels", package._rels.xml  # of parts these are public, of the package itself they are not
    for part in parts:
        yield part.partname.membername, part.blob
        if part.rels:
            yield part.partname.rels_uri.membername, part.rels.xml


def content_types(parts: Sequence[Any]) -> bytes:
    """What each part is: by its ending where the format knows it, else by its name."""
    endings = {"rels": CONTENT_TYPE.OPC_RELATIONSHIPS, "xml": CONTENT_TYPE.XML}
    names = {}
    for part in parts:
        ending = part.partname.ext.lower()
        if (ending, part.content_type) in default_content_types:
            endings[ending] = part.content_type
        else:
            names[str(part.partname)] = part.content_type
    written = "".join(
        (
            *(
                f"<Default Extension={quoteattr(ending)} ContentType={quoteattr(kind)}/>"
                for ending, kind in sorted(endings.items())
            ),
            *(
                f"<Override PartName={quoteattr(name)} ContentType={quoteattr(kind)}/>"
                for name, kind in sorted(names.items())
            ),
        )
    )
    return f'{_HEAD}<Types xmlns="{_TYPES}">{written}</Types>'.encode()
