"""Single values of the YAML: names, texts, durations, currencies, zones. Each check says what it takes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import UnknownLocaleError
from babel.localedata import locale_identifiers
from babel.numbers import is_currency, list_currencies
from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from yamlfiles.problems import did_you_mean

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
NAME_PATTERN = r"^[a-z][a-z0-9_]*$"  # the same for JSON Schema
_DURATION = re.compile(r"(\d{1,4}) (day|month)s?\Z")
_LAG = re.compile(r"(\d{1,2})(?:\s*-\s*(\d{1,2}))? quarters?\Z")


def refusal(message: str) -> PydanticCustomError:
    """An error whose text reaches the user as it is."""
    return PydanticCustomError("problem", "{message}", {"message": message})


def describe(value: object) -> str:
    """What YAML made of a value: `a number`, `true or false`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, float) and not isfinite(value):
        return "no finite number"
    kinds = (
        (str, "text"),
        (int | float, "a number"),
        (list, "a list"),
        (Mapping, "a mapping"),
        (date, "a date"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), type(value).__name__)


def _name(text: str) -> str:
    if not NAME.match(text):
        raise refusal(f"{text!r} is no name. Use small letters, digits and _, beginning with a letter.")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise refusal("The text is empty. Write one, or take the key out.")
    return text.rstrip()


def _currency(text: str) -> str:
    if not is_currency(text):
        raise refusal(
            f"{text!r} is no currency. {_nearest(text.upper(), list_currencies(), 'EUR, USD or GBP')}"
        )
    return text


def _locale(text: str) -> str:
    try:
        Locale.parse(text)
    except (ValueError, UnknownLocaleError):
        raise refusal(f"{text!r} is no locale. {_nearest(text, locale_identifiers(), 'en_GB')}") from None
    return text


@lru_cache(maxsize=64)
def _zone_exists(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True


def _zone(text: str) -> str:
    if not _zone_exists(text):
        raise refusal(
            f"{text!r} is no time zone. {_nearest(text, available_timezones(), 'Europe/Amsterdam')}"
        )
    return text


def _nearest(text: str, known: Any, example: str) -> str:
    hint = did_you_mean(text, list(known))
    return hint if hint.startswith("Did") else f"Write one such as {example}."


def _duration(unit: str, example: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        found = _DURATION.match(text.strip())
        if not found or found[2] != unit or int(found[1]) < 1:
            raise refusal(f"{text!r} is no number of {unit}s. Write it as: {example}.")
        return int(found[1])

    return read


def _lag(text: str) -> tuple[int, int]:
    found = _LAG.match(text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last:
        raise refusal(f"{text!r} is no lag. Write it as: 2 quarters, or 2-4 quarters.")
    return first, last


Name = Annotated[str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": NAME_PATTERN})]
Text = Annotated[str, AfterValidator(_filled)]
Currency = Annotated[str, AfterValidator(_currency)]
LocaleName = Annotated[str, AfterValidator(_locale)]
ZoneName = Annotated[str, AfterValidator(_zone)]


def _from_text(read: Callable[[str], Any], wanted: str) -> BeforeValidator:
    """A value written as text that becomes something else; other types are named for what they are."""

    def validate(value: object) -> Any:
        if not isinstance(value, str):
            raise refusal(f"A text is wanted here. {wanted}")
        return read(value)

    return BeforeValidator(validate)


_SCHEMA_TEXT = WithJsonSchema({"type": "string"})
Days = Annotated[int, _from_text(_duration("day", "35 days"), "Write it as: 35 days."), _SCHEMA_TEXT]
Months = Annotated[int, _from_text(_duration("month", "12 months"), "Write it as: 12 months."), _SCHEMA_TEXT]
Lag = Annotated[tuple[int, int], _from_text(_lag, "Write it as: 2-4 quarters."), _SCHEMA_TEXT]


@dataclass(frozen=True)
class OneOf:
    """A closed set of words, listed in the message. Members of an enum are given back as such."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Look the word up before the type of the field sees it."""
        return core_schema.no_info_before_validator_function(self._word, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, _: GetJsonSchemaHandler) -> dict[str, Any]:
        """The words alone, even where the enum has more."""
        del schema
        return {"enum": [str(word) for word in self.words]}

    def _word(self, value: object) -> str:
        known = {str(word): word for word in self.words}
        if isinstance(value, str) and value in known:
            return known[value]
        shown = repr(value) if isinstance(value, str) else describe(value).capitalize()
        raise refusal(f"{shown} is not one of {', '.join(known)}.")


@dataclass(frozen=True)
class OrText:
    """A text stands for a mapping with that one key (`event: answered_at`), or without a key for a list."""

    key: str | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Spell the short form out before the type of the field sees it."""
        return core_schema.no_info_before_validator_function(self._spelt_out, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Either form."""
        return {"anyOf": [{"type": "string"}, handler(schema)]}

    def _spelt_out(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [value] if self.key is None else {self.key: value}
