"""What a spreadsheet shows of a number in one of our formats, so that it can be compared with the screen."""

import re
from decimal import ROUND_HALF_EVEN, Decimal


def shown(value: float, code: str) -> str:
    """Sections are positive; negative; zero, or what is below a bound and the rest. Only ours are read."""
    sections = code.split(";")
    if bound := re.match(r"\[<([\d.]+)\]", sections[0]):
        below, rest = sections
        sections = [below.removeprefix(bound[0]) if value < float(bound[1]) else rest]
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    texts: list[str] = []

    def keep(found: re.Match[str]) -> str:
        texts.append(found[1])
        return "\0"

    bare = re.sub(r'"([^"]*)"', keep, section)
    digits = re.search(r"[#0][#0,]*[#0]?(?:\.0+)?,*|0(?:\.0+)?", bare)
    if digits is None:
        return "".join(texts)
    pattern = digits[0]
    scale = len(pattern) - len(pattern.rstrip(","))
    pattern = pattern.rstrip(",")
    number = Decimal(str(value)) / 1000**scale * (100 if "%" in bare else 1)
    decimals = len(pattern.partition(".")[2])
    number = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    text = f"{number:,.{decimals}f}" if "," in pattern else f"{number:.{decimals}f}"
    filled = bare.replace(digits[0], text)
    for part in texts:
        filled = filled.replace("\0", part, 1)
    return filled
