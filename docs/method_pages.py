"""A page for each method of dashboard/analysis, made from its docstrings; a test compares page and code."""

import ast
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from docs.oracles import oracle_page

ANALYSIS = Path(__file__).parents[1] / "dashboard" / "analysis"
PICTURES = "images"
PACKAGE = "dashboard.analysis."
OPENING = """# Methods

How figures are judged, a page for each file of `dashboard/analysis/`. Written by `make docs` from the code's
own words; a test compares the two. What they reproduce, and the test of it, is in [oracles](oracles.md).

| method | what it is |
|---|---|
"""
_SECTIONS = ("Args:", "Returns:", "Raises:")


def method_pages(pictures: Mapping[str, str]) -> dict[str, str]:
    """File name to Markdown, for every module and the list of them.

    Args:
        pictures: module name to what its picture shows, where there is one.
    """
    trees = {
        path.stem: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ANALYSIS.glob("*.py"))
        if path.stem != "__init__"
    }
    users = {name: [user for user, tree in trees.items() if name in _used(tree)] for name in trees}
    pages = {f"{name}.md": _page(name, tree, pictures.get(name), users[name]) for name, tree in trees.items()}
    rows = (f"| [{_title(name)}]({name}.md) | {_summary(tree)} |\n" for name, tree in trees.items())
    return {"README.md": OPENING + "".join(rows), "oracles.md": oracle_page(), **pages}


def _page(name: str, tree: ast.Module, picture: str | None, users: Sequence[str]) -> str:
    parts = [f"# {_title(name)}\n", _text(ast.get_docstring(tree) or "")]
    if picture is not None:
        parts.append(f"![{picture}]({PICTURES}/{name}.svg)\n\n*{picture}*\n")
    if users:
        told = ", ".join(f"[{_title(user)}]({user}.md)" for user in users)
        parts.append(f"It is part of: {told}.\n")
    public = _public(tree)
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name in public:
            parts.append(f"## `{node.name}`\n")
            parts.append(f"```python\n{_signature(node)}\n```\n")
            parts.append(_text(ast.get_docstring(node) or ""))
            parts += _methods(node)
    return "\n".join(part for part in parts if part)


def _used(tree: ast.Module) -> set[str]:
    """The modules of dashboard/analysis that one of them imports."""
    found = (node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {name.removeprefix(PACKAGE) for name in found if name.startswith(PACKAGE)}


def _methods(node: ast.ClassDef | ast.FunctionDef) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef):
        return
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
            yield f"### `{node.name}.{method.name}`\n"
            yield f"```python\n{_signature(method)}\n```\n"
            yield _text(ast.get_docstring(method) or "")


def _public(tree: ast.Module) -> set[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def _signature(node: ast.ClassDef | ast.FunctionDef) -> str:
    """What the reader has to write: a function's head, or a class with its fields."""
    if isinstance(node, ast.ClassDef):
        fields = [
            f"    {ast.unparse(each)}" for each in node.body if isinstance(each, ast.AnnAssign | ast.Assign)
        ]
        return "\n".join([f"class {ast.unparse(_head(node))}:", *fields])
    gives = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    line = f"{node.name}({ast.unparse(node.args)}){gives}"
    return "\n".join(textwrap.wrap(line, 104, subsequent_indent="    ", break_long_words=False))


def _head(node: ast.ClassDef) -> ast.expr:
    name: ast.expr = ast.Name(node.name)
    return ast.Call(name, node.bases, []) if node.bases else name


def _text(docstring: str) -> str:
    """A docstring as Markdown: its sections become lists, everything else stands as it is."""
    lines = []
    inside = False
    for line in docstring.splitlines():
        if line.strip() in _SECTIONS:
            lines += ["", f"**{line.strip()[:-1]}**", ""]
            inside = True
        elif inside and line.startswith("    ") and not line.startswith("        "):
            lines.append(f"- {_item(line.strip())}")
        elif inside and line.startswith("        "):
            lines.append(f"  {line.strip()}")
        else:
            inside = inside and not line.strip()
            lines.append(line)
    return "\n".join(lines).strip() + "\n" if docstring else ""


def _item(text: str) -> str:
    """`name: what` with the name as code; the lines of a sentence without a name stay as they are."""
    name, colon, rest = text.partition(": ")
    is_name = colon and all(part.strip().isidentifier() for part in name.split(","))
    return f"`{name}`: {rest}" if is_name else text


def _title(name: str) -> str:
    known = {"nps": "Net promoter scores"}
    return known.get(name, name.replace("_", " ").capitalize())


def _summary(tree: ast.Module) -> str:
    return (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
