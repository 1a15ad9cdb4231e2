"""Writes the generated pages of this folder anew: `make docs`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, it is not part of a package

from dashboard.cli import cli
from dashboard.commands.reference import reference
from docs.configuration_reference import configuration_reference
from docs.kpi_dictionary import company_catalog, kpi_dictionary
from docs.method_pages import PICTURES, method_pages
from docs.method_pictures import CAPTIONS, pictures

DOCS = Path(__file__).parent
METHODS = DOCS / "methods"


def main() -> None:
    """Write every page; one whose method is gone is removed."""
    (DOCS / "cli-reference.md").write_text(reference(cli), encoding="utf-8")
    (DOCS / "configuration-reference.md").write_text(configuration_reference(), encoding="utf-8")
    (DOCS / "kpi-dictionary.md").write_text(kpi_dictionary(company_catalog()), encoding="utf-8")
    (METHODS / PICTURES).mkdir(parents=True, exist_ok=True)
    pages = method_pages(CAPTIONS)
    for name, text in pages.items():
        (METHODS / name).write_text(text, encoding="utf-8")
    drawn = pictures()
    for name, picture in drawn.items():
        (METHODS / PICTURES / f"{name}.svg").write_bytes(picture)
    for path in [*METHODS.glob("*.md"), *(METHODS / PICTURES).glob("*.svg")]:
        if path.name not in pages and path.stem not in drawn:
            path.unlink()


if __name__ == "__main__":
    main()
