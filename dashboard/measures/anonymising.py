"""What may identify a person is taken out of a text, as far as a rule can see it; pure functions.

A rule sees addresses, numbers, and names that a title or a phrase gives away. A bare name in the middle of a
sentence it cannot see: that is why a text is shown of those alone who consent.
"""

import re
import unicodedata

LONGEST = 240  # letters of a text that is shown
DIGITS = 6  # so many in a row, with what may stand between them, are a number that belongs to somebody

_BETWEEN = r"[\s().\-–/]{0,3}"
_LETTER = r"[^\W\d_]"
_NAME = rf"(?:(?:van|von|de|der|den|da|di|la|le|ten|ter)\s+)*[A-ZÀ-ÖØ-Þ]{_LETTER}*(?:['’-]{_LETTER}+)*\.?"
_DOMAINS = "com|org|net|eu|nl|de|uk|fr|be|es|it|io"
_NAMES = rf"{_NAME}(?:\s+{_NAME}){{0,3}}"
_TITLES = (
    *("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Professor", "Sir", "Madam", "Herr", "Frau", "Mevrouw"),
    *("Meneer", "Mevr", "Dhr", "Monsieur", "Madame", "Mme", "Señor", "Señora", "Signor", "Signora"),
)
_PHRASES = (
    *("my name is", "my name's", "name is", "the name", "named", "called", "kind regards", "best regards"),
    *("regards", "yours sincerely", "sincerely", "yours", "cheers"),
)
# What is found first is taken out first: an address may hold a number.
_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\S*@\S*"), "[e-mail]"),
    (re.compile(r"\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+", re.IGNORECASE), "[link]"),
    (re.compile(rf"\b[\w-]+(?:\.[\w-]+)*\.(?:{_DOMAINS})\b\S*", re.IGNORECASE), "[link]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b"), "[account]"),
    (re.compile(rf"\+?\(?\d(?:{_BETWEEN}\d){{{DIGITS - 1},}}"), "[number]"),
    (re.compile(r"\b\d{4}\s?[A-Z]{2}\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"), "[postcode]"),
)  # fmt: skip
_TITLED = re.compile(rf"\b(?P<before>(?:{'|'.join(_TITLES)})\b\.?\s+){_NAMES}")
_TOLD = re.compile(rf"\b(?P<before>(?i:{'|'.join(_PHRASES)})\b[\s,:]+){_NAMES}")


def anonymised(text: str) -> str:
    """The text without e-mail addresses, links, numbers of phones, accounts and cards, and names given away.

    What is taken out leaves a word in brackets. No `@` is left, and no DIGITS digits in a row. A text that
    went through it once comes through it unchanged.
    """
    found = clean(text)
    while (masked := _masked(found)) != found:  # what is taken out may lay something else bare
        found = masked
    return found


def _masked(text: str) -> str:
    for pattern, mark in _MARKS:
        text = pattern.sub(mark, text)
    for pattern in (_TITLED, _TOLD):
        text = pattern.sub(r"\g<before>[name]", text)
    return text


def clean(text: str) -> str:
    """One line: signs as they are commonly written, no control characters, single spaces."""
    plain = unicodedata.normalize("NFKC", text)
    seen = (sign if unicodedata.category(sign)[0] != "C" else " " for sign in plain)
    return " ".join("".join(seen).split())


def shortened(text: str, longest: int = LONGEST) -> str:
    """At most `longest` letters: cut behind a word, and marked as cut."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    return f"{(kept.rpartition(' ')[0] or kept[:-1]).rstrip(' ,;:-')} …"
