"""YAML with places: what a person wrote is read safely, and every key and character can be pointed at."""

# ruff: noqa: E501 - a table is read a row a line

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yamlfiles.problems import Problem, ProblemsError, did_you_mean
from yamlfiles.reading import Document, Location, read_document


def read(folder: Path, content: str | bytes) -> tuple[Document, list[str]]:
    path = folder / "a.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    document, problems = read_document(path, "a.yaml")
    return document, [str(problem) for problem in problems]


def test_a_value_with_its_places(tmp_path: Path) -> None:
    document, problems = read(tmp_path, "one: 1\ntwo:\n  - a\n  - three: [x, y]\n")
    assert (document.value, problems) == ({"one": 1, "two": ["a", {"three": ["x", "y"]}]}, [])
    assert document.place(("two",)) == (2, 1)
    assert document.place(("two", 0)) == (3, 5)
    assert document.place(("two", 1, "three")) == (4, 5)
    assert document.place(("two", 1, "three"), of_key=False) == (4, 12)
    assert document.place(("two", 1, "three", 1)) == (4, 16)
    assert document.place(("two", 1, "four", "five")) == (4, 5)
    assert document.place(()) == (1, 1)
    assert document.problem(("one",), "Wrong.", of_key=False) == Problem("a.yaml", 1, 6, "Wrong.")


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("key: one two", 4, (1, 10)),
        ('key: "one two"', 4, (1, 11)),
        ("key: 'one two'", 0, (1, 6)),
        ("key: 'it''s two'", 5, (1, 13)),
        (r'key: "a \"b\" two"', 6, (1, 15)),
        ("key: >-\n  one\n  two\n", 4, (3, 3)),
        ("key: |\n  one\n    two\n", 6, (3, 5)),
        ("key:\n  one\n  two three\n", 8, (3, 7)),
        ("key: # comment\n  one two\n", 4, (2, 7)),
        ("{key: one two}", 4, (1, 11)),
        ("key: é one", 2, (1, 8)),
        ("key: 12", 1, (1, 7)),
    ],
)
def test_a_character_inside_a_text(text: str, offset: int, place: tuple[int, int], tmp_path: Path) -> None:
    document, problems = read(tmp_path, text)
    assert problems == []
    assert document.place(("key",), of_key=False, offset=offset) == place


@given(
    st.lists(st.sampled_from(["one", "two,", "'three'", "(four)", "-five"]), min_size=1, max_size=6),
    st.data(),
)
def test_folded_text_is_pointed_at_word_by_word(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], data: st.DataObject
) -> None:
    breaks = data.draw(st.lists(st.sampled_from([" ", "\n     "]), min_size=len(words), max_size=len(words)))
    text = "a:\n - key: >-\n     " + "".join(f"{word}{gap}" for word, gap in zip(words, breaks, strict=True))
    document, problems = read(tmp_path_factory.mktemp("yaml"), text + "\n")
    assert problems == []
    value: str = document.value["a"][0]["key"]
    for offset, sign in enumerate(value):
        line, column = document.place(("a", 0, "key"), of_key=False, offset=offset)
        if offset and not sign.isspace():
            assert text.split("\n")[line - 1][column - 1] == sign


@pytest.mark.parametrize(
    ("content", "value", "problems"),
    [
        ("", None, []),
        ("# nothing\n", None, []),
        ("\ufeffa: 1\n", {"a": 1}, []),
        ("a: 1\nb: 2\na: 3\n", {"a": 1, "b": 2}, ["a.yaml:3:1: The key 'a' stands twice, first on line 1. Keep one of them."]),
        ("a: {b: 1, b: 2}\n", {"a": {"b": 1}}, ["a.yaml:1:11: The key 'b' stands twice, first on line 1. Keep one of them."]),
        ("no: 1\n", {"no": 1}, ["a.yaml:1:1: YAML reads the key 'no' as true or false. Rename it."]),
        ("~: 1\n", {"~": 1}, ["a.yaml:1:1: YAML reads the key '~' as nothing. Rename it."]),
        ("[1, 2]: 1\nb: 2\n", {"b": 2}, ["a.yaml:1:1: A key must be a word. Check the braces and colons."]),
        ("{a: 1}: 2\n", {}, ["a.yaml:1:1: A key must be a word. Check the braces and colons."]),
        ("a: &x {b: 1}\nc: *x\n", {"a": {"b": 1}, "c": {"b": 1}}, []),
        ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}, []),
    ],
)  # fmt: skip
def test_keys(content: str, value: Any, problems: list[str], tmp_path: Path) -> None:
    document, told = read(tmp_path, content)
    assert (document.value, told, document.readable) == (value, problems, True)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("a: [1\nb: 2\n", "a.yaml:2:2: This is not YAML: expected ',' or ']', but got ':'."),
        ("a: b: c\n", "a.yaml:1:5: This is not YAML: mapping values are not allowed here."),
        ("a:\n\tb: 1\n", "a.yaml:2:1: This is not YAML: found character '\\t' that cannot start any token."),
        ("a: 'b\n", "a.yaml:2:1: This is not YAML: found unexpected end of stream."),
        ("a: *b\n", "a.yaml:1:4: This is not YAML: found undefined alias 'b'."),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1: This is not YAML: but found another document."),
        ("a: !!python/object:os.system {}\n", "a.yaml:1:4: This is not YAML: could not determine a constructor "
         "for the tag 'tag:yaml.org,2002:python/object:os.system'."),
    ],
)  # fmt: skip
def test_what_is_not_yaml(content: str, problem: str, tmp_path: Path) -> None:
    document, told = read(tmp_path, content)
    assert told == [f"{problem} Check the indentation, the colons and the quotes before this place."]
    assert (document.value, document.readable) == (None, False)


def test_what_cannot_be_read_at_all(tmp_path: Path) -> None:
    assert read(tmp_path, b"a: Caf\xe9\n")[1] == [
        "a.yaml:1:1: The file is not UTF-8 text (invalid continuation byte). Save it as UTF-8."
    ]
    assert read(tmp_path, "a: 2026-13-45\n")[1] == [
        "a.yaml:1:1: A value cannot be read: month must be in 1..12. Put it in quotes."
    ]
    assert read(tmp_path, b"a: \x07\n")[1][0].startswith("a.yaml:1:1: This is not YAML: ")
    document, problems = read_document(tmp_path / "none.yaml", "none.yaml")
    assert not document.readable
    assert [str(problem) for problem in problems] == [
        "none.yaml:1:1: The file cannot be read: No such file or directory. Check its permissions."
    ]


@pytest.mark.parametrize(
    "content", ["&a [*a]", "&a {b: *a}", "[" * 3000 + "]" * 3000, "{a: " * 2000 + "}" * 2000]
)
def test_loops_and_depth_do_not_hang(content: str, tmp_path: Path) -> None:
    document, problems = read(tmp_path, content)
    assert document.value is not None or problems


@given(st.text(max_size=60))
def test_any_text_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    document, problems = read(tmp_path_factory.mktemp("yaml"), text.encode("utf-8", "replace"))
    assert document.readable or problems
    for problem in problems:
        assert problem.startswith("a.yaml:")


def test_place_of_every_location(tmp_path: Path) -> None:
    text = "a:\n  b: [1, {c: 'x'}]\nd: >\n  long\n  text\n"
    document, _ = read(tmp_path, text)
    lines = text.split("\n")

    def visit(value: Any, location: Location) -> None:
        line, column = document.place(location, of_key=False)
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
        parts = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, part in parts:
            visit(part, (*location, key))

    visit(document.value, ())


def test_did_you_mean() -> None:
    assert did_you_mean("revenu", {"revenue", "cost"}) == "Did you mean 'revenue'?"
    assert did_you_mean("xyz", {"revenue", "cost"}) == "Known: cost, revenue."
    assert did_you_mean("xyz", ()) == "None is defined yet."


def test_a_name_is_known_by_its_initials_and_by_one_of_its_words() -> None:
    known = {"net_promoter_score", "net_revenue_retention", "customer_effort", "cost_of_service"}
    assert did_you_mean("nps", known) == "Did you mean 'net_promoter_score'?"
    assert did_you_mean("NRR", known) == "Did you mean 'net_revenue_retention'?"
    assert did_you_mean("effort", known) == "Did you mean 'customer_effort'?"
    assert did_you_mean("net", known) == f"Known: {', '.join(sorted(known))}."  # of two: which is not guessed
    assert did_you_mean("", known) == f"Known: {', '.join(sorted(known))}."


def test_of_many_names_the_first_are_told() -> None:
    many = [f"m{number:02}" for number in range(45)]
    assert did_you_mean("xyz", many) == f"Known: {', '.join(many[:40])} and 5 more."


def test_problems_are_told_once_and_in_order() -> None:
    first, second = Problem("a.yaml", 2, 1, "B."), Problem("a.yaml", 10, 1, "A.")
    error = ProblemsError([second, first, second])
    assert error.problems == (first, second)
    assert str(error) == "a.yaml:2:1: B.\na.yaml:10:1: A."
