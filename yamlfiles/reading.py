"""Text of a YAML file -> plain values, with the place of every key and value kept beside them."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from yamlfiles.problems import Problem

Location = tuple[int | str, ...]


@dataclass(frozen=True)
class Document:
    """A YAML file: its plain value (None for an empty file) and the node tree that knows the places."""

    file: str
    value: Any
    root: yaml.Node | None

    def place(self, location: Location, *, of_key: bool = True) -> tuple[int, int]:
        """1-based line and column of the deepest node that `location` reaches.

        `of_key` asks for the place of the last key (for "unknown key"), else for that of its value.
        """
        line, column, node = 0, 0, self.root
        for part in location:
            found = _child(node, part)
            if found is None:
                break
            key, node = found
            mark = (key if of_key and key is not None else node).start_mark
            line, column = mark.line, mark.column
        return line + 1, column + 1

    def problem(self, location: Location, message: str, *, of_key: bool = True, offset: int = 0) -> Problem:
        """A problem at `location`; `offset` moves the column into a text value (0 is its first character)."""
        line, column = self.place(location, of_key=of_key)
        return Problem(self.file, line, column + self._shift(location, offset, of_key), message)

    def _shift(self, location: Location, offset: int, of_key: bool) -> int:
        """A quoted text begins a column later; a block text ("|", ">") has no column inside its first line."""
        node = self.root
        for part in location:
            found = _child(node, part)
            if found is None:
                return 0
            node = found[1]
        if of_key or not isinstance(node, yaml.ScalarNode) or node.style in ("|", ">"):
            return 0
        return offset + (1 if node.style in ("'", '"') and offset else 0)


def read_document(path: Path, file: str) -> tuple[Document, tuple[Problem, ...]]:
    """Read one YAML file safely; never raises for what a person wrote in it.

    Returns the document (value None where it could not be read) and its problems: syntax, duplicate keys,
    a key that is not text, an unreadable file.
    """
    empty = Document(file, None, None)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return empty, (Problem(file, 1, 1, f"The file is not UTF-8 text ({error.reason}). Save it as UTF-8."),)
    except OSError as error:
        return empty, (Problem(file, 1, 1, f"The file cannot be read: {error.strerror}. Check its permissions."),)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        problems = tuple(_key_problems(file, root)) if root else ()
        value = None if problems else yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        return empty, (_syntax_problem(file, error),)
    except yaml.YAMLError as error:
        return empty, (Problem(file, 1, 1, f"This is not YAML: {error}. Remove the character it names."),)
    except (ValueError, RecursionError) as error:
        return empty, (Problem(file, 1, 1, f"A value cannot be read: {error}. Put it in quotes."),)
    return Document(file, value, root), problems


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
    """PyYAML keeps the last of two equal keys without a word: refuse the second."""
    stack, seen_nodes = [root], set[int]()
    while stack:
        node = stack.pop()
        if id(node) in seen_nodes:  # an alias may lead back to where it stands
            continue
        seen_nodes.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            stack.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            first: dict[Hashable, int] = {}
            for key, value in node.value:
                stack.append(value)
                line, column = key.start_mark.line + 1, key.start_mark.column + 1
                if not isinstance(key, yaml.ScalarNode):
                    yield Problem(file, line, column, "A key must be a word. Check the braces and the colons.")
                elif key.value in first:
                    yield Problem(
                        file,
                        line,
                        column,
                        f"The key {key.value!r} stands twice, first on line {first[key.value]}. Keep one of them.",
                    )
                else:
                    first[key.value] = line
