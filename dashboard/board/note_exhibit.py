"""A text that the page's author wrote: shown as it stands."""

from dashboard.board.panels import ExhibitPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.definitions.model import PanelSpec


def note(spec: PanelSpec) -> ExhibitPanel:
    """The note as an exhibit without a drawing."""
    return ExhibitPanel(
        key=spec.key,
        kind=spec.kind,
        sentence="Note",
        drawing=None,
        sheet=Sheet((Column("Note"),), ((Field(spec.text),),)),
        text=spec.text,
        small_print=(),
        about=(),
        notices=(spec.text,),
    )
