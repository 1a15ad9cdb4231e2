"""`boardseat pack`: the board pack of a period as files, made from the ledger."""

import getpass
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.board.choices import slices_of
from dashboard.board.shown import shown_metrics
from dashboard.charts.engines import can_fork
from dashboard.commands.asking import read_moment
from dashboard.commands.place import Place, with_place
from dashboard.commands.progress import Bar
from dashboard.commands.wording import counted
from dashboard.definitions.model import Catalog, Slice
from dashboard.definitions.pack import PackSpec
from dashboard.errors import UnknownNameError
from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.delivery import check_formats, enter, files_of
from dashboard.pack.model import BoardPack
from dashboard.pack.renderers import RENDERERS, Choices, PackFile
from dashboard.pack.since_last import marked
from dashboard.pack.slides.counting import drawings
from dashboard.pack.storing import check_folder, store
from yamlfiles.problems import did_you_mean

if TYPE_CHECKING:
    from dashboard.charts.drawing_process import DrawingProcess

PROCESSES = 2
BINDING = 0.3  # of the work is reading; the rest is writing, in equal parts


@click.command()
@with_place
@click.option(
    "--period", metavar="PERIOD", required=True, help="A fiscal quarter as 2026-Q2, or year as 2026."
)
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=True),
    help="Folder for the files; made if need be.",
)
@click.option(
    "--format",
    "formats",
    metavar="LIST",
    default=",".join(RENDERERS),
    show_default=True,
    help="Formats, with commas between them.",
)
@click.option("--template", metavar="FILE", type=click.Path(path_type=Path), help="Your own .pptx.")
@click.option("--pack", "named", metavar="NAME", help="Which of the packs in config/packs.")
@click.option("--page", "pages", metavar="NAME", multiple=True, help="Only this page; may be repeated.")
@click.option("--by", metavar="SLICE=MEMBER", help="Figures of one group, such as segment=Consumer.")
@click.option("--as-of", metavar="T", help="As it was known then: a day, or a time as 2026-10-05T09:00.")
@click.option("--author", metavar="NAME", help="Who makes it; else the account that runs the command.")
def pack(
    place: Place,
    period: str,
    out: Path,
    formats: str,
    template: Path | None,
    named: str | None,
    pages: tuple[str, ...],
    by: str | None,
    as_of: str | None,
    author: str | None,
) -> None:
    """Make the board pack of a period: slides whose charts can be edited, and manifest.json.

    Nothing is measured: the figures are those of the ledger, and of a closed period those it was closed
    with. A fiscal year is named by the calendar year it begins in. Who made the pack, and when, is entered
    in the ledger.
    """
    wanted = formats.replace(" ", "").split(",")
    check_formats(wanted)
    with _drawing(wanted) as drawing:
        deployment = place.deployment()
        catalog, now = deployment.catalog, deployment.now()
        spec = catalog.pack(named)
        cut, member = read_group(catalog, spec, by)
        request = Request(
            spec=spec,
            period=catalog.board.calendar.parse(period),
            as_of=None if as_of is None else read_moment(as_of, catalog.board.time_zone),
            slice=cut,
            member=member,
            pages=pages,
        )
        check_folder(out)
        with Ledger(deployment.ledger_url) as ledger, Bar("Making the pack") as bar:
            made, files = _rendered(catalog, ledger, request, wanted, Choices(template), now, bar, drawing)
            paths = store(out, files)  # with the manifest, which is last and tells of the others
            enter(ledger, made, files[:-1], author=author or getpass.getuser(), now=now)
    for path in paths:
        click.echo(path)
    click.echo(_told(made, len(files) - 1), err=True)
    for file in files:
        if file.name.endswith(".pptx"):
            click.echo(drawings(file.content).line, err=True)


def _drawing(wanted: Sequence[str]) -> "AbstractContextManager[DrawingProcess | None]":
    """The process that draws the document's charts, where formats are made side by side.

    It begins before anything is read, for it takes half a second until it can draw.
    """
    if "pdf" not in wanted or not can_fork():
        return nullcontext()
    from dashboard.charts.drawing_process import DrawingProcess  # noqa: PLC0415 - brings what draws

    return DrawingProcess()


def _rendered(
    catalog: Catalog,
    ledger: Ledger,
    request: Request,
    wanted: Sequence[str],
    choices: Choices,
    now: datetime,
    bar: Bar,
    drawing: "DrawingProcess | None",
) -> tuple[BoardPack, tuple[PackFile, ...]]:
    """Read the pack and make its files; the document's charts are drawn meanwhile, where that can be."""

    def reading(what: str, share: float) -> None:
        bar.tell(what, BINDING * share)

    def writing(what: str, share: float) -> None:
        bar.tell(what, BINDING + (1 - BINDING) * share)

    if drawing is None:
        made = bind(catalog, ledger, request, now=now, progress=reading)
    else:
        from dashboard.pack.document.ahead import ChartsAhead  # noqa: PLC0415 - brings altair

        ahead = ChartsAhead(drawing)
        made = bind(catalog, ledger, request, now=now, progress=reading, known=ahead.add)
        ahead.end()
        choices = replace(choices, pictures=ahead.pictures)
    made = marked(catalog, ledger, request, made, now=now)
    return made, files_of(made, wanted, choices, writing, processes=PROCESSES)


def read_group(catalog: Catalog, spec: PackSpec, text: str | None) -> tuple[Slice, tuple[str, ...]]:
    """`segment=Consumer`, or `segment,region=Consumer,North`, as a slice of the pack's figures."""
    if text is None:
        return (), ()
    names, equals, members = text.partition("=")
    if not equals:
        raise click.UsageError(f"{text!r} names no member. Write it as segment=Consumer.")
    cut = tuple(name.strip() for name in names.split(","))
    member = (members,) if len(cut) == 1 else tuple(part.strip() for part in members.split(","))
    metrics = [metric for name in spec.pages for metric in shown_metrics(catalog, catalog.page(name))]
    known = slices_of(catalog, metrics)
    found = next((each for each in known if sorted(each) == sorted(cut)), None)
    if found is None:
        hint = did_you_mean(",".join(cut), [",".join(each) for each in known]) if known else "Leave --by out."
        raise UnknownNameError(f"The figures of the pack are not cut by {','.join(cut)!r}. {hint}")
    if len(member) != len(cut):
        raise click.UsageError(f"{text!r} names {counted(len(member), 'member')} of {len(cut)} dimensions.")
    return found, tuple(member[cut.index(dimension)] for dimension in found)


def _told(made: BoardPack, count: int) -> str:
    return f"{counted(count, 'file')} of {made.period_text}, as of {made.known_text}, run {made.run}."
