"""Making the board pack on the screen: what is in it, how it will be printed, and the files to take away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from dashboard.board.choices import Choices as ViewChoices
from dashboard.definitions.model import Catalog
from dashboard.definitions.pack import PackSpec
from dashboard.errors import DashboardError
from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.delivery import enter, files_of, zipped
from dashboard.pack.document.compiling import manuscript, sheets
from dashboard.pack.model import BoardPack, SinceLast
from dashboard.pack.renderers import RENDERERS, Choices, PackFile, stem
from dashboard.pack.since_last import marked
from dashboard.periods import Grain, Period
from dashboard.screens.commentary import AUTHOR
from dashboard.screens.text import literal, small, table
from dashboard.service import Service
from dashboard.units import format_day, format_period

QUARTERS = 8
FORMATS = {
    "pptx": "PowerPoint",
    "pdf": "PDF",
    "xlsx": "Workbook",
    "csv": "CSV of each panel",
    "parquet": "Parquet of all figures",
    "svg": "SVG of each panel",
    "png": "PNG of each panel",
}
USUAL = ("pptx", "pdf", "xlsx")
MADE, PREVIEW = "export-made", "export-preview"
RECENT = 10


@dataclass(frozen=True)
class Made:
    """Files that were made of a request, kept until others are made."""

    request: Request
    name: str
    files: tuple[PackFile, ...]
    archive: bytes


@dataclass(frozen=True)
class Preview:
    """The sheets of a request as pictures, kept until others are drawn."""

    request: Request
    since: SinceLast | None
    notes: tuple[str, ...]
    pictures: tuple[bytes, ...]


def show_export(service: Service, *, now: Callable[[], datetime]) -> None:
    """Choose what is in the pack, look at its sheets, make it and download it."""
    st.title("What does the board receive?", anchor=False)
    catalog, ledger = service.opened
    asked, right = st.columns([5, 7], gap="large")
    with asked:
        request = _request(service, catalog, now=now())
        if not request.pages:
            small("Choose at least one page.")
            return
        formats = st.pills(
            "Formats",
            list(RENDERERS),
            selection_mode="multi",
            default=list(USUAL),
            format_func=lambda name: FORMATS.get(name, name),
            wrap=True,
        )
        author = st.text_input("Your name", value=st.session_state.get(AUTHOR, ""))
        if st.button("Make the pack", icon=":material/inventory_2:"):
            try:
                _make(service, request, formats, author, now=now)
            except DashboardError as error:
                st.error(literal(str(error)), icon=":material/error:")
        _downloads(request)
        _history(catalog, ledger)
    with right:
        _preview(service, request, now=now)


def _request(service: Service, catalog: Catalog, *, now: datetime) -> Request:
    spec = _spec(catalog)
    calendar = catalog.board.calendar
    last = calendar.containing(Grain.QUARTER, service.today(now))
    quarters = {calendar.code(each): each for each in (last.shifted(-3 * back) for back in range(QUARTERS))}
    code = st.selectbox(
        "Period",
        list(quarters),
        index=min(1, len(quarters) - 1),
        format_func=lambda name: _label(catalog, quarters[name]),
    )
    names = st.pills(  # the tags of a multiselect are cut on a phone, and too pale in the dark
        "Pages",
        list(spec.pages),
        selection_mode="multi",
        default=list(spec.pages),
        format_func=lambda name: catalog.page(name).title,
        wrap=True,
    )
    offered = _groups(service, catalog, spec, now=now)
    group = st.selectbox("Group", list(offered.groups), format_func=lambda each: offered.groups[each])
    slice_, member = offered.members[group]
    return Request(spec, quarters[code], None, slice_, member, tuple(names))


def _spec(catalog: Catalog) -> PackSpec:
    names = list(catalog.packs)
    if len(names) == 1:
        return catalog.packs[names[0]]
    chosen = st.selectbox("Pack", names, format_func=lambda name: catalog.packs[name].cover.title)
    return catalog.packs[chosen]


def _groups(service: Service, catalog: Catalog, spec: PackSpec, *, now: datetime) -> ViewChoices:
    """The groups of the first page: what a pack can be cut by, its pages have in common."""
    return service.choices(catalog.page(spec.pages[0]), service.revision(), now=now)


def _label(catalog: Catalog, period: Period) -> str:
    name = catalog.board.calendar.code(period)
    return f"{name} ({format_period(period, locale=catalog.board.locale)})"


def _bound(service: Service, request: Request, *, now: datetime) -> BoardPack:
    """The pack as it is known now, with what changed since the last; made once a state of the ledger."""
    catalog, ledger = service.opened
    exported = ledger.exports.newest(1)
    count = exported[0].number if exported else 0
    key = ("pack", catalog.version, service.revision(), service.today(now), request, count)

    def made() -> BoardPack:
        return marked(catalog, ledger, request, bind(catalog, ledger, request, now=now), now=now)

    return service.kept(key, made)


def _make(
    service: Service, request: Request, formats: list[str], author: str, *, now: Callable[[], datetime]
) -> None:
    """Make the files, enter them in the ledger, and keep them for download."""
    if not author.strip():
        raise DashboardError("A pack is signed. Write your name.")
    if not formats:
        raise DashboardError("Choose at least one format.")
    bar = st.progress(0.0, text="Reading the ledger")

    def tell(what: str, share: float) -> None:
        bar.progress(min(1.0, share), text=literal(what))

    pack = _bound(service, request, now=now())
    files = files_of(pack, formats, Choices(), tell)
    enter(service.opened[1], pack, files[:-1], author=author.strip(), now=now())
    st.session_state[AUTHOR] = author.strip()
    st.session_state[MADE] = Made(request, stem(pack), files, zipped(files))
    bar.empty()


def _downloads(request: Request) -> None:
    made: Made | None = st.session_state.get(MADE)
    if made is None or made.request != request:
        return
    st.success(literal(f"{len(made.files)} files of {made.name} are ready."))
    st.download_button(
        "Download all",
        made.archive,
        file_name=f"{made.name}.zip",
        mime="application/zip",
        on_click="ignore",
        icon=":material/download:",
        type="secondary",
    )
    for file in made.files:
        if "/" not in file.name:
            st.download_button(
                literal(file.name),
                file.content,
                file_name=file.name,
                on_click="ignore",
                icon=":material/download:",
                key=f"download-{file.name}",
            )


def _preview(service: Service, request: Request, *, now: Callable[[], datetime]) -> None:
    """The sheets as they will be printed, one at a time, and what changed since the last pack."""
    if st.button("Preview the sheets", icon=":material/preview:"):
        with st.spinner("Drawing the sheets"):
            pack = _bound(service, request, now=now())
            made = manuscript(pack)
            st.session_state[PREVIEW] = Preview(request, pack.since, made.notes, sheets(made))
    preview: Preview | None = st.session_state.get(PREVIEW)
    if preview is None or preview.request != request:
        small("The preview shows each sheet as it will be printed.")
        return
    _since(preview.since)
    for note in preview.notes:
        small(literal(note))
    count = len(preview.pictures)
    number = st.slider("Sheet", 1, count, 1) if count > 1 else 1
    st.image(preview.pictures[number - 1], caption=f"Sheet {number} of {count}", width="stretch")


def _since(since: SinceLast | None) -> None:
    if since is None:
        small("This is the first pack of its period.")
        return
    st.markdown(f"**{literal(since.line)}**")
    if since.changed:
        rows = [[each.figure, each.group, each.page, each.then, each.now] for each in since.changed]
        table(["Figure", "Group", "Page", "Last pack", "Now"], rows, figures=("Last pack", "Now"))


def _history(catalog: Catalog, ledger: Ledger) -> None:
    found = ledger.exports.newest(RECENT)
    if not found:
        return
    small("What was exported, newest first")
    for each in found:
        day = format_day(each.at.date(), locale=catalog.board.locale)
        run = f", run {each.run}" if each.run is not None else ""
        small(literal(f"{day} · {each.what} · {each.period}{run}, by {each.author}"))
