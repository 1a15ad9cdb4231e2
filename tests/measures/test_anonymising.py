"""Masking: what a rule can see of a person is gone, whatever the text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.anonymising import DIGITS, LONGEST, anonymised, clean, shortened


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Write to jo.smith+x@mail.example.co.uk today.", "Write to [e-mail] today."),
        ("Tell @meridian_help that I leave.", "Tell [e-mail] that I leave."),
        ("Call me on +31 (0)20 123 45 67, please.", "Call me on [number], please."),
        ("06-12345678 is my number.", "[number] is my number."),
        ("My card 4111 1111 1111 1111 was charged twice.", "My card [number] was charged twice."),
        ("IBAN NL91 ABNA 0417 1643 00 was debited.", "IBAN [account] was debited."),
        ("Customer number K-00471123 waits.", "Customer number K-[number] waits."),
        ("See https://example.com/a?b=1 for it.", "See [link] for it."),
        ("It stood on www.example.nl/prices too.", "It stood on [link] too."),
        ("I read it at example.com yesterday.", "I read it at [link] yesterday."),
        ("I live at 1012 AB and nobody came.", "I live at [postcode] and nobody came."),
        ("Nobody came to SW1A 1AA either.", "Nobody came to [postcode] either."),
        ("Mr. van der Berg was rude, Dr Jansen was not.", "Mr. [name] was rude, Dr [name] was not."),
        ("My name is Anna Maria Smith and I wait.", "My name is [name] and I wait."),
        ("Thanks, kind regards, Piet Bakker", "Thanks, kind regards, [name]"),
        ("Born on 12-03-1961.", "Born on [number]."),
        ("ｊｏ＠ｅｘａｍｐｌｅ．ｃｏｍ wrote.", "[e-mail] wrote."),
        ("Call ٠١٢٣٤٥٦٧ now.", "Call [number] now."),
        ("Two\nlines\tand  gaps\u200b.", "Two lines and gaps ."),
    ],
)
def test_what_gives_a_person_away_is_taken_out(text: str, wanted: str) -> None:
    assert anonymised(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "I waited 40 minutes, and paid 1,250 euro in 2025.",
        "New customers get a better price than I do after nine years.",
        "The price went from 49.95 to 59.95 a month.",
        "She called back at 10:30, as she had said.",
        "Regards to the engineer who came early.",
    ],
)
def test_what_gives_nobody_away_stays(text: str) -> None:
    assert anonymised(text) == text


_PIECES = st.sampled_from(
    [
        *("020", "4711", "+31", "-", " ", ".", "(", ")", "/", "@", "jo", "example.com", "www.", "https://"),
        *("NL91", "ABNA", "Mr ", "Smith", "my name is ", "regards, ", "Anna", "\n", "٣", "５", "［", "é"),
    ]
)
_TEXTS = st.one_of(st.text(max_size=120), st.lists(_PIECES, max_size=40).map("".join))


@given(_TEXTS)
def test_no_address_and_no_run_of_digits_survives(text: str) -> None:
    shown = shortened(anonymised(text))
    assert "@" not in shown
    assert not re.search(rf"\d(?:[\s().\-–/]{{0,3}}\d){{{DIGITS - 1},}}", shown)
    assert "\n" not in shown
    assert len(shown) <= LONGEST


@given(_TEXTS)
def test_a_masked_text_comes_through_unchanged(text: str) -> None:
    once = anonymised(text)
    assert anonymised(once) == once


@given(_TEXTS)
def test_a_cleaned_text_comes_through_unchanged(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(max_size=600))
def test_a_shortened_text_is_the_beginning_of_the_whole(text: str) -> None:
    shown = shortened(clean(text))
    assert len(shown) <= LONGEST
    assert clean(text).startswith(shown.removesuffix(" …").removesuffix("…"))


def test_a_long_text_is_cut_behind_a_word() -> None:
    shown = shortened("word, " * 60)
    assert shown.endswith("word …")
    assert len(shown) <= LONGEST
    assert shortened("x" * 500) == "x" * (LONGEST - 2) + " …"
