"""What pydantic found wrong -> Problems in the words of this configuration, with the place in the file."""

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from dashboard.definitions.entries import Entry
from dashboard.definitions.values import describe
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document, Location

Read = TypeVar("Read", bound=Entry)

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping of names and values",
    "model_type": "a mapping of names and values",
}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
    "less_than": ("less than", "lt"),
}


def read_entry(
    model: type[Read], document: Document, location: Location, problems: list[Problem]
) -> Read | None:
    """The value at `location` as `model`, with what is wrong added to `problems`.

    Where it can be mended with stand-ins it is, so that the rest is checked as well; None where it cannot.
    """
    value: Any = document.value
    for part in location:
        value = value[part]
    if not document.readable:
        return None
    if not isinstance(value, Mapping):
        required = [name for name, field in fields_of(model).items() if field.is_required()]
        wanted = ", ".join(required or [next(iter(fields_of(model)))])
        what = "It is empty" if value is None else f"This is {describe(value)}"
        told = f"{what}, where keys and values are wanted. Begin with: {wanted}."
        problems.append(document.problem(location, told))
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems.extend(_problem(model, document, location, detail) for detail in error.errors())
        return _mended(model, value, error.errors())


def _mended(model: type[Read], value: Mapping[Any, Any], details: list[ErrorDetails]) -> Read | None:
    """The entry without what is wrong in it, or with a stand-in where it cannot be without."""
    mended = {key: part for key, part in value.items() if isinstance(key, str)}
    for detail in details:
        if detail["loc"]:
            _mend(model, mended, str(detail["loc"][0]), detail["loc"][1:])
    try:
        return model.model_validate(mended)
    except ValidationError:
        return None


def _mend(model: type[Entry], mended: dict[str, Any], key: str, inside: Location) -> None:
    field = mended.get(key)
    if inside and isinstance(field, Mapping) and key in model.named:
        mended[key] = {name: part for name, part in field.items() if str(name) != str(inside[0])}
    elif key in model.stand_ins:
        mended[key] = model.stand_ins[key]
    else:
        mended.pop(key, None)


def _problem(model: type[BaseModel], document: Document, location: Location, detail: ErrorDetails) -> Problem:
    inside = tuple(part for part in detail["loc"] if part != "[key]")
    kind = detail["type"]
    of_key = kind in ("extra_forbidden", "invalid_key") or "[key]" in detail["loc"]
    if kind == "missing":
        return document.problem((*location, *inside[:-1]), _missing(model, inside))
    return document.problem((*location, *inside), _message(model, inside, detail), of_key=of_key)


def _missing(model: type[BaseModel], inside: Location) -> str:
    owner, key = _model_at(model, inside[:-1]), str(inside[-1])
    field = fields_of(owner).get(key) if owner else None
    hint = field.description if field else None
    return f"The key {key!r} is missing. Add it" + (f": {hint}." if hint else ".")


def _message(model: type[BaseModel], inside: Location, detail: ErrorDetails) -> str:
    kind, given, key = detail["type"], detail["input"], _key_of(inside)
    if kind == "extra_forbidden":
        told = _unknown_key(model, inside)
    elif kind == "invalid_key" or (detail["loc"][-1] == "[key]" and kind != "problem"):
        told = f"The key {inside[-1]!r} is {describe(given)}. Write a name that begins with a letter."
    elif kind in _WANTED:
        told = f"{key} is read as {describe(given)}, where {_WANTED[kind]} is wanted. {_remedy(kind, given)}"
    elif kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        told = f"{key} is {given}. Write a number of {words} {detail['ctx'][bound]}."
    elif kind == "too_short":
        told = f"{key} is an empty list. Write at least one entry."
    else:  # the checks of values.py and entries.py tell what is wrong in full
        told = detail["msg"] if kind == "problem" else f"{key}: {detail['msg']}. Change it."
    return told


def _remedy(kind: str, given: object) -> str:
    if given is None:
        return "Write it behind the colon."
    scalar = not isinstance(given, list | Mapping)
    return "Put it in quotes." if kind == "string_type" and scalar else "Change it."


def _unknown_key(model: type[BaseModel], inside: Location) -> str:
    owner, key = _model_at(model, inside[:-1]), str(inside[-1])
    if owner is None:
        return f"Unknown key {key!r}. Take it out."
    planned = getattr(owner, "planned", {})
    return planned.get(key) or f"Unknown key {key!r}. {did_you_mean(key, fields_of(owner))}"


def fields_of(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The fields by the keys that the YAML has for them; `from` is no name in Python."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _key_of(inside: Location) -> str:
    """The last name on the way, since an entry of a list has only a number."""
    names = [part for part in inside if isinstance(part, str)]
    return repr(names[-1]) if names else "This"


def _model_at(model: type[BaseModel], inside: Location) -> type[BaseModel] | None:
    """The model that reads the mapping at `inside`, found by following the types of the fields."""
    found: type[BaseModel] | None = model
    for part in inside:
        if found is not None and part in fields_of(found):
            found = _model_in(fields_of(found)[str(part)].annotation)
    return found


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
