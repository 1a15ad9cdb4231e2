"""What some customers said in their own words: drawn by lot, one of each stratum; nobody picks them."""

from dataclasses import dataclass
from itertools import groupby

from dashboard.board.desk import Desk
from dashboard.board.lines import derivation_title
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.board.texts import Picked, counted, is_hidden, picked, text_metric
from dashboard.board.view import group_label, member_text
from dashboard.definitions.derivation import VOICE, Derivation, Voices
from dashboard.definitions.model import PanelKind
from dashboard.ledger import months
from dashboard.measures.anonymising import anonymised
from dashboard.units import format_count, format_period

COLUMNS = ("Who", "When", "Score", "In their own words")
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True)
class _Quote:
    """A text as it is shown: whose it is, when it was said, with which score."""

    stratum: str
    who: str
    when: str
    score: str
    text: str


def voices(desk: Desk, key: str, derivation: Derivation) -> ExhibitPanel | LockedPanel:
    """One text of each stratum, from the months of the page's period and its group."""
    rule = derivation.rule
    if not isinstance(rule, Voices):
        raise TypeError(f"{derivation.name} has no voices")
    title, metric = derivation_title(derivation), text_metric(derivation)
    if locked := desk.locked(key, title, [metric]):
        return locked
    why_not = _why_not(desk, derivation, rule)
    quotes = [] if why_not else _quotes(desk, derivation, rule)
    if not quotes and why_not is None:
        why_not = _nobody(desk)
    sentence = _sentence(desk, title, quotes)
    rows = tuple(
        (Field(quote.who), Field(quote.when), Field(quote.score), Field(quote.text)) for quote in quotes
    )
    said = " ".join(f"{quote.who}, {quote.when}: {quote.text}" for quote in quotes)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.VOICES,
        sentence=sentence,
        drawing=None,
        sheet=Sheet(tuple(Column(name) for name in COLUMNS), rows),
        text=f"{sentence} {said}".strip(),
        small_print=_rule(desk, derivation, rule) if quotes else (),
        about=desk.about([metric]),
        notices=() if why_not is None else (why_not,),
    )


def _why_not(desk: Desk, derivation: Derivation, rule: Voices) -> str | None:
    """Why nothing is drawn for this viewer or this group; None where it can be."""
    if is_hidden(desk, derivation, (*rule.by, *VOICE)):
        return "Not shown: your access is limited by something that these texts are not drawn by."
    if desk.view.slice and desk.view.slice != rule.by:
        asked = " and ".join(name.replace("_", " ") for name in desk.view.slice)
        offered = " and ".join(name.replace("_", " ") for name in rule.by)
        choose = f"all customers, or a {offered}" if offered else "all customers"
        return f"Texts are not drawn by {asked}, so that small groups stay hidden. Choose {choose}."
    return None


def _nobody(desk: Desk) -> str:
    board = desk.catalog.board
    return (
        f"Nobody who agreed to be quoted said anything in {format_period(desk.period, locale=board.locale)}, "
        f"in a group of at least {board.minimum_group} answers."
    )


def _quotes(desk: Desk, derivation: Derivation, rule: Voices) -> list[_Quote]:
    """Of each stratum the text with the lowest lot, in the order of the strata."""
    start, end = months.span(desk.period)
    found = picked(desk, derivation, (*rule.by, *VOICE), start, end)
    width = len(rule.by)
    mine = [each for each in found if not desk.view.slice or each.member[:width] == desk.view.member]
    order = {name: place for place, name in enumerate(rule.strata)}

    def place(each: Picked) -> tuple[int, str]:
        name = each.member[width]  # a close may know of one that is not there today
        return order.get(name, len(order)), name

    ranked = sorted(mine, key=lambda each: (place(each), each.value, each.month.start, each.member))
    lowest = [next(group) for _, group in groupby(ranked, key=place)]
    return [_quote(desk, each, width) for each in lowest]


def _quote(desk: Desk, found: Picked, width: int) -> _Quote:
    stratum, score, text = found.member[width:]
    who = member_text(stratum)
    if width:
        who = f"{who} · {group_label(found.member[:width], found.member[:width])}"
    return _Quote(
        stratum=member_text(stratum),
        who=who,
        when=format_period(found.month, locale=desk.catalog.board.locale),
        score=score,
        text=anonymised(text),  # by the rule of today, too: it may see more than that of the day it was drawn
    )


def _sentence(desk: Desk, title: str, quotes: list[_Quote]) -> str:
    """`Three customers in their own words: unhappy, in between and happy.`"""
    if not quotes:
        return f"{title}: nobody is quoted for this span."
    count = _NUMBERS[len(quotes)] if len(quotes) < len(_NUMBERS) else str(len(quotes))
    kinds = ", ".join(quote.stratum.lower() for quote in quotes)
    return f"{title}: {count.lower()} in their own words ({kinds})."


def _rule(desk: Desk, derivation: Derivation, rule: Voices) -> tuple[str, ...]:
    """How they were drawn, in words."""
    board = desk.catalog.board
    texts, answers = counted(desk, derivation, desk.view.slice, desk.view.member)
    among = ""
    if texts >= board.minimum_group:
        told = (format_count(each, locale=board.locale) for each in (texts, answers))
        among = " among {} texts of those who agreed, from {} answers".format(*told)
    groups = f" of each {' and '.join(rule.by).replace('_', ' ')}" if rule.by else ""
    return (
        f"drawn by lot, not chosen: one of each kind{among}",
        f"the lot is the MD5 of {derivation.name!r} and the answer's key, the lowest of the months{groups}",
        f"from groups of at least {board.minimum_group} answers a month",
        "addresses, numbers, links and names given away are masked",
    )
