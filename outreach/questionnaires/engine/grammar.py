"""The language of rules: XPath 1.0 by elementpath, with the operators and functions of ODK XForms."""

import math
import re
from abc import ABCMeta
from collections.abc import Callable, Iterator
from copy import copy
from functools import lru_cache
from typing import Any, cast

from elementpath import ElementPathError, XPathContext
from elementpath.xpath1 import XPath1Parser
from elementpath.xpath_nodes import ElementNode, XPathNode

from outreach.questionnaires.engine import functions, values
from outreach.questionnaires.engine.faults import RuleFault
from outreach.questionnaires.engine.functions import Call
from outreach.questionnaires.engine.nodes import Context, Place
from outreach.questionnaires.engine.values import Value

_LONGEST_RULE = 20_000
_DEEPEST_RULE = 100
_TEXT = r"(\"[^\"]*\"|'[^']*')"
_AFTER_NUMBER = re.compile(_TEXT + r"|(?<![\w.-])(\d+\.?\d*|\.\d+)(?=(?:and|or|div|mod)(?![\w-]))")
_BEFORE_DOT = re.compile(_TEXT + r"|(?<![\w./:@-])(and|or|div|mod)(?=\.(?![^\W\d]))")
"""Words that stand for operators without the space that the library's tokenizer needs: 1and .<5, 1 and.<5."""


class Rules(XPath1Parser):
    """The parser of rules. A path may begin with a function that gives nodes: instance('towns')/root/item."""

    DEFAULT_NAMESPACES = {  # noqa: RUF012 - the library's own word for it
        **XPath1Parser.DEFAULT_NAMESPACES,
        "jr": "http://openrosa.org/javarosa",
        "odk": "http://www.opendatakit.org/xforms",
        "orx": "http://openrosa.org/xforms",
    }
    PATH_STEP_SYMBOLS = {  # noqa: RUF012
        *XPath1Parser.PATH_STEP_SYMBOLS,
        "(",
        *functions.OF_NODES,
    }

    def read(self, rule: str) -> Any:
        """The token tree of a rule, without the library's attempt to work it out at once."""
        if self.tokenizer is None:
            type(self).tokenizer = self.create_tokenizer(self.symbol_table)
        for glued in (_AFTER_NUMBER, _BEFORE_DOT):
            rule = glued.sub(lambda found: found[0] if found[1] else f"{found[0]} ", rule)
        return super(XPath1Parser, self).parse(rule)


def _result(token: Any, context: Context) -> Value:
    """What a token comes to, as one of our own values."""
    context.steps.step()
    found = token.evaluate(copy(context))
    if isinstance(found, str | bool | float):
        return found
    if isinstance(found, list):
        return found
    return [found] if isinstance(found, XPathNode) else float(found)


def _operator(symbol: str, evaluate: Callable[[Any, Context], Value], **more: Any) -> None:
    """Give an operator another meaning, without changing the library's own class."""

    def checked(self: Any, context: XPathContext | None = None) -> Value:
        if context is None:
            raise self.missing_context()
        return evaluate(self, cast(Context, context))

    was = Rules.symbol_table[symbol]
    held = {"evaluate": checked, "select": _select, "__module__": __name__, **more}
    Rules.symbol_table[symbol] = ABCMeta(f"Rule{was.__name__}", (was,), held)


def _select(self: Any, context: XPathContext | None = None) -> Iterator[Any]:
    found = self.evaluate(context)
    if isinstance(found, str | float | bool):
        yield found
    else:
        yield from found


def _compare(token: Any, context: Context) -> Value:
    left, right = _result(token[0], context), _result(token[1], context)
    if token.symbol == "=":
        return values.equal(left, right)
    if token.symbol == "!=":
        return values.unequal(left, right)
    return values.ordered(token.symbol, left, right)


def _chained(self: Any, left: Any) -> Any:
    """Read a comparison, that of another comparison's result included: 1 <= . <= 9. The library takes no such chain."""
    self[:] = left, self.parser.expression(rbp=self.lbp)
    return self


def _calculate(token: Any, context: Context) -> Value:
    left = values.number(_result(token[0], context))
    if len(token) == 1:
        return -left if token.symbol == "-" else left
    # Where the left side is no number, other engines don't ask for the right one.
    return math.nan if math.isnan(left) else values.arithmetic(token.symbol, left, _result(token[1], context))


def _and(token: Any, context: Context) -> Value:
    left = _result(token[0], context)
    return _result(token[1], context) if values.truth(left) else left


def _or(token: Any, context: Context) -> Value:
    left = _result(token[0], context)
    return left if values.truth(left) else _result(token[1], context)


_EQUALITY, _ORDER = 30, 35
for _symbol, _binding in {
    **dict.fromkeys(("=", "!="), _EQUALITY),
    **dict.fromkeys(("<", "<=", ">", ">="), _ORDER),
}.items():
    _operator(_symbol, _compare, lbp=_binding, rbp=_binding, led=_chained)
for _symbol in ("+", "-", "div", "mod"):
    _operator(_symbol, _calculate)
_operator("and", _and)
_operator("or", _or)


_times = Rules.symbol_table["*"]


class _Times(_times):  # type: ignore[misc, valid-type]
    """An asterisk: a number of times between two values, any name in a path."""

    def evaluate(self, context: Any = None) -> Any:
        return _calculate(self, context) if len(self) == 2 and context is not None else super().evaluate(context)

    def select(self, context: Any = None) -> Iterator[Any]:
        if len(self) == 2:
            yield self.evaluate(context)
        else:
            yield from super().select(context)


Rules.symbol_table["*"] = _Times

_path = Rules.symbol_table["/"]


class _Path(_path):  # type: ignore[misc, valid-type]
    """A path. Those of plain names, as nearly all are, are walked without the library's machinery."""

    names: tuple[int, tuple[str, ...]] | bool | None = False

    def select(self, context: Any = None) -> Iterator[Any]:
        if self.names is False:
            self.names = _plain(self)
        if not self.names or context is None or context.axis is not None:
            yield from super().select(context)
            return
        up, names = cast(tuple[int, tuple[str, ...]], self.names)
        context.steps.step()
        if up < 0:
            yield from context.session.at(names)
            return
        item = context.item
        for _level in range(up):
            item = item.parent if item is not None else None
        if item is not None:
            yield from below([item], names)


Rules.symbol_table["/"] = _Path


_predicate = Rules.symbol_table["["]


class _Filter(_predicate):  # type: ignore[misc, valid-type]
    """A filter. The usual one, a column that equals a value from elsewhere, works that value out once, not once a row."""

    column: str | bool | None = False

    def select(self, context: Any = None) -> Iterator[Any]:
        if self.column is False:
            self.column = _column(self)
        if not self.column or context is None:
            yield from super().select(context)
            return
        found = list(self[0].select(context))
        wanted = _result(self[1][1], context) if found else ""
        for context.item in found:
            context.steps.step()
            if values.equal([child for child in context.item.children if child.name == self.column], wanted):
                yield context.item


Rules.symbol_table["["] = _Filter


def _column(token: Any) -> str | None:
    """The name in a filter [name = value] whose value depends on nothing in the row; None for any other filter."""
    test = token[1]
    if test.symbol != "=" or test[0].symbol != "(name)" or token[0].symbol != "(name)":
        return None
    value = test[1]
    plain = _plain(value) if value.symbol == "/" else None
    if value.symbol == "(string)" or (plain and plain[0] < 0):
        return str(test[0].value)
    while value.symbol == "/" and len(value) == 2 and value[1].symbol in {"(name)", ".."}:
        value = value[0]
    return str(test[0].value) if value.symbol == "current" else None


def _plain(token: Any) -> tuple[int, tuple[str, ...]] | None:
    """A path of plain names as (levels up, names down); -1 levels for one that begins at the root; None for any other path."""
    names: list[str] = []
    while token.symbol == "/" and len(token) == 2 and token[1].symbol == "(name)":
        names.insert(0, token[1].value)
        token = token[0]
    if token.symbol == "/" and len(token) == 1 and token[0].symbol == "(name)":
        return -1, (token[0].value, *names)
    up = 0
    while token.symbol == "/" and len(token) == 2 and token[1].symbol == "..":
        up += 1
        token = token[0]
    if token.symbol == "..":
        return up + 1, tuple(names)
    if token.symbol == "." and not up:
        return 0, tuple(names)
    return None


def below(nodes: list[Any], names: tuple[str, ...]) -> list[Any]:
    """The nodes that are reached from `nodes` by going down these names."""
    for name in names:
        nodes = [child for node in nodes for child in node.children if child.name == name]
    return nodes


def _function(name: str, least: int, most: int | None, work: Callable[[Call], Value]) -> None:
    def evaluate(self: Any, context: XPathContext | None = None) -> Value:
        if context is None:
            raise self.missing_context()
        return work(Call(self, cast(Context, context), _result))

    prefix, _colon, local = name.rpartition(":")
    if not prefix:
        Rules.symbol_table.pop(local, None)
    nargs = least if least == most else (least, most)
    made = Rules.function(local, prefix=prefix or None, nargs=cast(Any, nargs))
    made.evaluate = evaluate  # type: ignore[method-assign, assignment]
    made.select = _select  # type: ignore[method-assign]


for _name, (_least, _most, _work) in functions.FUNCTIONS.items():
    _function(_name, _least, _most, _work)


class Rule:
    """A rule that was read: an expression to be worked out at a node."""

    def __init__(self, text: str) -> None:
        """Raises RuleFault where the text is no rule."""
        self.text = text
        if len(text) > _LONGEST_RULE or _depth(text) > _DEEPEST_RULE:
            raise RuleFault(text[:200], "too long")
        try:
            self.token = Rules(strict=True).read(text)
        except (ElementPathError, SyntaxError, KeyError, ValueError, TypeError) as fault:
            raise RuleFault(text, _words(fault)) from fault

    def value(self, context: Context) -> Value:
        """What the rule comes to. Raises RuleFault where it comes to nothing."""
        try:
            return _result(self.token, context)
        except (ElementPathError, ValueError, TypeError, ArithmeticError) as fault:
            raise RuleFault(self.text, _words(fault)) from fault

    def text_at(self, session: Any, node: ElementNode, origin: ElementNode | None = None) -> str:
        """What the rule comes to, as text."""
        return values.text(self.value(_context(session, node, origin)))

    def truth_at(self, session: Any, node: ElementNode) -> bool:
        """Whether the rule holds."""
        return values.truth(self.value(_context(session, node, None)))

    def number_at(self, session: Any, node: ElementNode) -> float:
        """What the rule comes to, as a number."""
        return values.number(self.value(_context(session, node, None)))

    def nodes_at(self, session: Any, node: Place) -> list[Any]:
        """The nodes that the rule finds; none where it comes to something else."""
        found = self.value(_context(session, node, None))
        return [] if isinstance(found, str | float | bool) else list(found)


def _context(session: Any, node: ElementNode, origin: ElementNode | None) -> Context:
    context = Context(session, node)
    if origin is not None:
        context.origin = origin
    return context


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        if character in "([":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]":
            depth -= 1
    return deepest


def _words(fault: BaseException) -> str:
    return str(getattr(fault, "message", None) or fault).strip() or type(fault).__name__


@lru_cache(maxsize=4096)
def rule(text: str) -> Rule:
    """The rule that a text says; the same text is read once. Raises RuleFault."""
    return Rule(text)
