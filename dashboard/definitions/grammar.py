"""Text -> sqlglot tree, in a dialect that knows the words of our language and no others.

sqlglot is lenient: it drops a stray plus, a missing `then` and comments, and it reads `a b` as an alias.
Three gates stand against that: the tokenizer refuses every sign outside the closed list, `parsing` and
`formulas` refuse every node outside theirs, and `check_faithful` compares the words written with those read.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, ClassVar

from sqlglot import exp, parser, tokens
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

LONGEST_TEXT = 10_000


class ExpressionError(Exception):
    """An expression or formula that cannot be used: what is wrong, how to mend it, and at which character.

    `offset` counts from 0 inside the text. The loader turns it into a Problem with file, line and column.
    """

    def __init__(self, message: str, offset: int) -> None:
        self.message = message
        self.offset = offset
        super().__init__(message)


_WORDS = {
    "and": TokenType.AND,
    "or": TokenType.OR,
    "not": TokenType.NOT,
    "in": TokenType.IN,
    "between": TokenType.BETWEEN,
    "like": TokenType.LIKE,
    "is": TokenType.IS,
    "null": TokenType.NULL,
    "true": TokenType.TRUE,
    "false": TokenType.FALSE,
    "case": TokenType.CASE,
    "when": TokenType.WHEN,
    "then": TokenType.THEN,
    "else": TokenType.ELSE,
    "end": TokenType.END,
    "distinct": TokenType.DISTINCT,
    "filter": TokenType.FILTER,
    "where": TokenType.WHERE,
}
_SIGNS = {"<=": TokenType.LTE, ">=": TokenType.GTE, "<>": TokenType.NEQ, "!=": TokenType.NEQ}
_COMMENT_SIGNS = {"--": TokenType.COMMENT, "/*": TokenType.COMMENT, "*/": TokenType.COMMENT}
_ALLOWED = frozenset(_WORDS.values()) | {
    *(TokenType.LTE, TokenType.GTE, TokenType.NEQ, TokenType.EQ, TokenType.LT, TokenType.GT),
    *(TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH, TokenType.MOD),
    *(TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA, TokenType.DOT),
    *(TokenType.VAR, TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER),
}
RESERVED_WORDS = frozenset(_WORDS)
_OPERATORS = frozenset(_SIGNS.values()) | {
    *(TokenType.EQ, TokenType.LT, TokenType.GT),
    *(TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH, TokenType.MOD),
}
# Words that people bring along from SQL. They may well be columns, so they are named only if reading failed.
_SQL_WORDS = frozenset(
    {
        *("all", "any", "as", "asc", "by", "cast", "desc", "escape", "except", "exists", "extract", "from"),
        *(
            "group",
            "having",
            "ignore",
            "ilike",
            "intersect",
            "interval",
            "join",
            "limit",
            "on",
            "order",
            "over",
        ),
        *("partition", "qualify", "respect", "select", "similar", "union", "with", "within", "window", "xor"),
    }
)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")


class BoardseatExpressions(Dialect):
    """The closed language of expressions and formulas, as a sqlglot dialect."""

    class Tokenizer(tokens.Tokenizer):
        """Knows our words alone: `select`, `cast` or `order` are names of columns like any other."""

        KEYWORDS: ClassVar[dict[str, TokenType]] = {
            **{word.upper(): kind for word, kind in _WORDS.items()},
            **_SIGNS,
            **_COMMENT_SIGNS,
        }
        COMMENTS: ClassVar[list[str | tuple[str, str]]] = []

    class Parser(parser.Parser):
        """Takes every call as a name with arguments; which names mean something our own code decides."""

        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {}
        NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {"CASE": lambda self: self._parse_case()}
        STATEMENT_PARSERS: ClassVar[dict[Any, Any]] = {}
        PRIMARY_PARSERS: ClassVar[dict[Any, Any]] = {
            TokenType.STRING: lambda _, word: exp.Literal.string(word.text).update_positions(word),
            TokenType.NUMBER: lambda _, word: exp.Literal.number(word.text).update_positions(word),
            TokenType.NULL: lambda _, word: exp.Null().update_positions(word),
            TokenType.TRUE: lambda _, word: exp.Boolean(this=True).update_positions(word),
            TokenType.FALSE: lambda _, word: exp.Boolean(this=False).update_positions(word),
            TokenType.STAR: lambda _, word: exp.Star().update_positions(word),
        }


def parse_tree(text: str) -> tuple[exp.Expr, list[Token]]:
    """The sqlglot tree of one expression and the tokens it was read from. Raises ExpressionError."""
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(
            f"This is longer than {LONGEST_TEXT} characters. Split it into several measures.", 0
        )
    words = _tokens(text)
    try:
        trees = BoardseatExpressions.Parser(dialect=BoardseatExpressions).parse(words, text)
    except ParseError as error:
        raise ExpressionError(*_told(error, words)) from None
    except RecursionError:
        raise ExpressionError("This is nested too deeply. Split it into several measures.", 0) from None
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionError("This is not one expression.", 0)
    return trees[0], words


def check_faithful(text: str, written: list[Token], understood: str) -> None:
    """Raise ExpressionError unless `understood` (the rendered AST) has the words written, and no other.

    Brackets are left out, since a rendering sets them by its own rules; that they match is sqlglot's to see.
    """
    if " ".join(text.split()) == understood:
        return
    wrote, read = (Counter(map(_word, _counted(words))) for words in (written, _tokens(understood)))
    surplus = wrote - read
    for token in reversed(list(_counted(written))) if surplus else ():
        if _word(token) in surplus:
            told = f"{token.text!r} has no meaning here. Take it out, or complete it."
            raise ExpressionError(told, token.start)
    for _, word in read - wrote:
        raise ExpressionError(f"{word!r} is missing. Write it as: {understood}", written[0].start)


def position(node: exp.Expr) -> int:
    """Where the text of a node begins, as far as sqlglot has kept it: the first place inside."""
    starts = [part.meta["start"] for part in node.walk() if "start" in (part.meta if part._meta else {})]
    return min(starts, default=0)


def quoted_name(name: str) -> str:
    """A name as the language writes it: in double quotes where it is not a plain word."""
    if _PLAIN_NAME.match(name) and name.lower() not in RESERVED_WORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def _tokens(text: str) -> list[Token]:
    if "\x00" in text:
        raise ExpressionError("There is an invisible character (NUL) here. Take it out.", text.index("\x00"))
    try:
        words = BoardseatExpressions.Tokenizer(dialect=BoardseatExpressions).tokenize(text)
    except TokenError:
        raise ExpressionError(*_unclosed(text)) from None
    if not words:
        raise ExpressionError("There is no expression here. Write one, for example count(*).", 0)
    for word in words:
        if word.comments or word.token_type is TokenType.COMMENT:
            told = "A comment is not allowed here. Write it behind a # in the YAML."
            raise ExpressionError(told, word.start)
        if word.token_type not in _ALLOWED:
            told = f"{word.text!r} does not belong to the language of expressions. Write it without."
            raise ExpressionError(told, word.start)
        if word.token_type is TokenType.NUMBER and not _NUMBER.match(word.text):
            raise ExpressionError(f"{word.text!r} is not a number. Write it as 12 or 0.5.", word.start)
    for left, right in pairwise(words):
        _check_neighbours(left, right)
    return words


def _check_neighbours(left: Token, right: Token) -> None:
    """Refuse pairs that sqlglot would make something of, and tell others more plainly than it would."""
    if left.token_type in _OPERATORS and right.token_type in _OPERATORS - {TokenType.DASH}:
        told = f"Two operators stand side by side, {left.text!r} and {right.text!r}. Take one out."
        raise ExpressionError(told, right.start)
    if left.token_type is TokenType.DOT and right.token_type is TokenType.NUMBER:
        raise ExpressionError("A number begins with a digit. Write it as 0.5.", left.start)


def _counted(words: list[Token]) -> Iterator[Token]:
    return (token for token in words if token.token_type not in (TokenType.L_PAREN, TokenType.R_PAREN))


def _word(token: Token) -> tuple[str, str]:
    kind = token.token_type
    if kind is TokenType.STRING:
        return "text", token.text
    if kind is TokenType.NUMBER:
        return "number", str(float(token.text))
    if kind in (TokenType.VAR, TokenType.IDENTIFIER):
        return "name", token.text.lower()
    return "sign", "<>" if kind is TokenType.NEQ else token.text.lower()


def _unclosed(text: str) -> tuple[str, int]:
    """sqlglot says that a quotation is open, not where: it begins at the last mark that opens one."""
    inside, start = "", 0
    for index, sign in enumerate(text):
        if inside and sign == inside:
            inside = ""
        elif not inside and sign in "'\"":
            inside, start = sign, index
    return f"The quotation that begins here has no end. Close it with {inside or 'a quotation mark'}.", start


_TOLD = (
    ("Required keyword", "A value is missing here"),
    ("Expecting )", "A closing bracket is missing here"),
    ("Expected END", "The case has no end"),
)


def _told(error: ParseError, words: list[Token]) -> tuple[str, int]:
    for word in words:
        if word.token_type is TokenType.VAR and word.text.lower() in _SQL_WORDS:
            return (
                f"{word.text!r} does not belong to the language of expressions. Write it without.",
                word.start,
            )
    detail = error.errors[0] if error.errors else {}
    highlight = str(detail.get("highlight") or "")
    what = str(detail.get("description") or "")
    said = next((ours for theirs, ours in _TOLD if what.startswith(theirs)), "This is out of place")
    near = f", near {highlight!r}" if highlight else ""
    return f"{said}{near}. Check the brackets, commas and words around it.", _offset_of(detail, words)


def _offset_of(detail: dict[str, object], words: list[Token]) -> int:
    """sqlglot tells line and column of the word it stumbled over; counting lines again would not be safe."""
    place = detail.get("line"), detail.get("col")
    return next((word.start for word in words if (word.line, word.col) == place), words[-1].start)
