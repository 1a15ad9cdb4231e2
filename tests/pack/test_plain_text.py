"""Text is left as it is exactly where nothing in it would make a document unreadable."""

import sys

from dashboard.pack.plain_text import _ILLEGAL, _LINES, plain_text


def test_no_sign_that_can_be_printed_is_taken_out_and_no_other_is_left_by_the_short_way() -> None:
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        assert plain_text(sign) == _ILLEGAL.sub("", _LINES.sub("\n", sign))


def test_lines_end_alike_and_illegal_signs_are_gone() -> None:
    assert plain_text("one\r\ntwo\rthree\u2028four\x00\x0b!\ufffe") == "one\ntwo\nthree\nfour!"
