"""Text of a YAML file -> plain values, with the place of every key and value kept beside them."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from yamlfiles.problems import Problem

Location = tuple[int | str, ...]

_NO_WORDS = {"tag:yaml.org,2002:bool": "true or false", "tag:yaml.org,2002:null": "nothing"}


@dataclass(frozen=True)
class Document:
    """A YAML file: its plain value (None for an empty file) and the node tree that knows the places.

    `readable` is False where there is no value because the file could not be read or is not YAML.
    """

    file: str
    value: Any
    root: yaml.Node | None
    text: str = ""
    readable: bool = True

    def place(self, location: Location, *, of_key: bool = True, offset: int = 0) -> tuple[int, int]:
        """1-based line and column of the deepest node that `location` reaches.

        `of_key` asks for the place of the last key (for "unknown key"), else for that of its value. `offset`
        moves into a text value: 0 is its first character.
        """
        mark, node = (0, 0), self.root
        for part in location:
            found = _child(node, part)
            if found is None:
                node = None
                break
            key, node = found
            start = (key if key is not None and of_key else node).start_mark
            mark = start.line, start.column
        if offset and not of_key and isinstance(node, yaml.ScalarNode):
            mark = _place_inside(node, self.text, offset)
        return mark[0] + 1, mark[1] + 1

    def problem(self, location: Location, message: str, *, of_key: bool = True, offset: int = 0) -> Problem:
        """A problem at `location`, or `offset` characters into the text that stands there."""
        line, column = self.place(location, of_key=of_key, offset=offset)
        return Problem(self.file, line, column, message)


def _place_inside(node: yaml.ScalarNode, text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 0, of a character of a text value that may be quoted, folded or a block.

    YAML folds blanks and line ends alone, so the n-th sign that is no blank stands where the n-th such sign
    of the file does, after the opening quote or the line of a block's header. A doubled quote counts once.
    """
    index = node.start_mark.index
    if node.style in ("|", ">"):
        index = text.find("\n", index) + 1
    elif node.style in ("'", '"'):
        index += 1
    wanted = sum(not sign.isspace() for sign in node.value[:offset])
    while index < len(text) and (wanted or text[index].isspace()):
        if not text[index].isspace():
            wanted -= 1
            if (node.style, text[index : index + 2]) == ("'", "''") or (
                node.style == '"' and text[index] == "\\"
            ):
                index += 1
        index += 1
    before = text[: min(index, node.end_mark.index)]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


def read_document(path: Path, file: str) -> tuple[Document, tuple[Problem, ...]]:
    """Read one YAML file safely; never raises for what a person wrote in it.

    Returns the document and its problems: syntax, duplicate keys, a key that is not text, an unreadable file.
    Of two equal keys the first is kept, so that the rest of the file can be checked all the same.
    """
    empty = Document(file, None, None, readable=False)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return empty, (
            Problem(file, 1, 1, f"The file is not UTF-8 text ({error.reason}). Save it as UTF-8."),
        )
    except OSError as error:
        why = f"{error.strerror}. Check its permissions."
        return empty, (Problem(file, 1, 1, f"The file cannot be read: {why}"),)
    try:
        root = _compose(text)
        problems = tuple(_key_problems(file, root)) if root else ()
        value = SafeConstructor().construct_document(root) if root else None
    except yaml.MarkedYAMLError as error:
        return empty, (_syntax_problem(file, error),)
    except yaml.YAMLError as error:
        return empty, (Problem(file, 1, 1, f"This is not YAML: {error}. Remove the character it names."),)
    except (ValueError, RecursionError) as error:
        return empty, (Problem(file, 1, 1, f"A value cannot be read: {error}. Put it in quotes."),)
    return Document(file, value, root, text), problems


def _compose(text: str) -> yaml.Node | None:
    """libyaml is ten times as fast; what it refuses is told by the loader that is always there."""
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=yaml.CSafeLoader)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _syntax_problem(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    what = error.problem or error.context or "it cannot be parsed"
    return Problem(
        file,
        line,
        column,
        f"This is not YAML: {what}. Check the indentation, the colons and the quotes before this place.",
    )


def _child(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return None, node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next(((k, v) for k, v in node.value if k.value == str(part)), None)
    return None


def _key_problems(file: str, root: yaml.Node) -> Iterator[Problem]:
    """Every key that is none; it is mended or taken out of the tree, so that what is left can be read."""
    stack, seen = [root], set[int]()
    while stack:
        node = stack.pop()
        if id(node) in seen:  # an alias may lead back to where it stands
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            stack.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            yield from _problems_of_mapping(file, node)
            stack.extend(value for _, value in node.value)


def _problems_of_mapping(file: str, node: yaml.MappingNode) -> Iterator[Problem]:
    """PyYAML keeps the last of two equal keys without a word, and reads `no` as False."""
    first: dict[str, int] = {}
    kept = []
    for key, value in node.value:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        if not isinstance(key, yaml.ScalarNode):
            yield Problem(file, line, column, "A key must be a word. Check the braces and colons.")
            continue
        if key.value in first:
            twice = f"The key {key.value!r} stands twice, first on line {first[key.value]}."
            yield Problem(file, line, column, f"{twice} Keep one of them.")
            continue
        if key.tag in _NO_WORDS:
            yield Problem(
                file, line, column, f"YAML reads the key {key.value!r} as {_NO_WORDS[key.tag]}. Rename it."
            )
            key.tag = "tag:yaml.org,2002:str"
        first[key.value] = line
        kept.append((key, value))
    node.value = kept
