"""Trees to canonical text; reading the text gives the tree back."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.lang.command import Command, InRange, OptionUse, Part, Weight
from engine.lang.declaration import OptionKind
from engine.lang.expr import (
    Binary,
    Call,
    Element,
    Expr,
    Missing,
    Name,
    Number,
    Stored,
    String,
    Subscript,
    TimeSeries,
    Unary,
)
from engine.lang.functions import DATE_LITERALS
from engine.lang.numlist import print_integers
from engine.lang.parse_expr import BINDING
from engine.lang.varlist import BaseKind, Group, Interaction, Operator, VarList, VarListItem, VarRange, VarRef

_UNARY, _POWER, _TIGHT = 8, 9, 10
_SPACED = frozenset({"|", "&", "+", "-"})
_DATE = re.compile(r"[0-9A-Za-z:.]+(?: [0-9A-Za-z:.]+)*")


def print_expression(node: Expr) -> str:
    """Return an expression with blanks around ``+ - & |`` and no brackets that are not needed."""
    match node:
        case Binary():
            return _print_binary(node)
        case Unary(operator="!"):
            return "!" + _print_tight(node.operand)
        case Unary():
            return node.operator + _bracketed(node.operand, _binding(node.operand) < _UNARY)
        case Number():
            return node.text
        case Missing():
            return "." + node.letter
        case String():
            return print_string(node.value)
        case Name():
            return node.name
        case Subscript():
            return f"{node.name}[{print_expression(node.index)}]"
        case Element():
            return f"{node.matrix}[{print_expression(node.row)},{print_expression(node.column)}]"
        case TimeSeries():
            return f"{node.operator}.{node.name}"
        case Stored():
            return f"{node.kind}[{node.name}]" if node.kind in ("_b", "_se") else f"{node.kind}({node.name})"
        case Call():
            return _print_call(node)


def _print_binary(node: Binary) -> str:
    if node.operator == "^":
        return _bracketed(node.left, _binding(node.left) < _POWER) + "^" + _print_tight(node.right)
    binding = BINDING[node.operator]
    left = _bracketed(node.left, _binding(node.left) < binding)
    right = _bracketed(node.right, _binding(node.right) <= binding)
    return f"{left} {node.operator} {right}" if node.operator in _SPACED else f"{left}{node.operator}{right}"


def _binding(node: Expr) -> int:
    """Return how tightly the outermost operator of `node` binds."""
    if isinstance(node, Binary):
        return BINDING.get(node.operator, _POWER)
    if isinstance(node, Unary):
        return _TIGHT if node.operator == "!" else _UNARY
    return _TIGHT + 1


def _bracketed(node: Expr, needed: bool) -> str:
    text = print_expression(node)
    return f"({text})" if needed else text


def _print_tight(node: Expr) -> str:
    """Return what may follow ``!`` or ``^``: an atom with signs of its own, anything else in brackets."""
    if isinstance(node, Unary):
        return node.operator + _print_tight(node.operand)
    return _bracketed(node, isinstance(node, Binary))


def _print_call(node: Call) -> str:
    first = node.arguments[0] if node.arguments else None
    if node.function in DATE_LITERALS and isinstance(first, String) and _DATE.fullmatch(first.value):
        return f"{node.function}({first.value})"
    return f"{node.function}({', '.join(print_expression(argument) for argument in node.arguments)})"


def print_string(value: str) -> str:
    """Return a string in quotes, compound ones when it holds quotes itself."""
    return f'`"{value}"\'' if '"' in value else f'"{value}"'


def print_varlist(varlist: VarList) -> str:
    """Return a varlist with one blank between items."""
    return " ".join(_print_item(item) for item in varlist.items)


def _print_item(item: VarListItem) -> str:
    match item:
        case VarRef():
            return print_operator(item.operator) + item.name
        case VarRange():
            return f"{print_operator(item.operator)}{item.first}-{item.last}"
        case Group():
            return f"{print_operator(item.operator)}({' '.join(_print_item(member) for member in item.items)})"
        case Interaction():
            text = _print_item(item.factors[0])
            for factor, full in zip(item.factors[1:], item.full, strict=True):
                text += ("##" if full else "#") + _print_item(factor)
            return text


def print_operator(operator: Operator) -> str:
    """Return an operator with its dot (``ib2.``, ``cL2.``, ``2.``), nothing for the plain one."""
    levels, base, omit = operator.levels, operator.base, operator.omit
    text = operator.kind.value
    if levels is not None:
        text = str(levels[0]) if len(levels) == 1 and base is BaseKind.DEFAULT and not omit else "i" + _numbers(levels)
    text += _print_base(operator)
    if omit:
        text += "o" + _numbers(omit)
    if operator.omit_all:
        text += "o"
    text += operator.time
    return text + "." if text else ""


def _print_base(operator: Operator) -> str:
    match operator.base:
        case BaseKind.DEFAULT:
            return ""
        case BaseKind.VALUE:
            return f"b{operator.base_value}"
        case BaseKind.ORDER:
            return f"b(#{operator.base_value})"
        case BaseKind.NONE:
            return "bn"
        case _:
            return f"b({operator.base.value})"


def _numbers(values: tuple[int, ...]) -> str:
    return str(values[0]) if len(values) == 1 else f"({print_integers(values)})"


def print_clauses(if_: Expr | None, in_: InRange | None, weight: Weight | None) -> list[str]:
    """Return those of ``if …``, ``in …`` and ``[weight=…]`` that are there."""
    clauses = []
    if if_ is not None:
        clauses.append(f"if {print_expression(if_)}")
    if in_ is not None:
        clauses.append(f"in {in_.first}" if in_.first == in_.last else f"in {in_.first}/{in_.last}")
    if weight is not None:
        clauses.append(f"[{weight.kind}={print_expression(weight.expression)}]")
    return clauses


def print_command(command: Command) -> str:
    """Return a command with full option names; the text of bodies and arguments stays as it is."""
    prefixes = [f"{prefix.name} {prefix.argument}".strip() + ":" for prefix in command.prefixes]
    if command.decl.prefix:
        repeated, asked = command.parts
        head = _print_part(replace(asked, options=repeated.options))
        head = f"{command.word}{'' if head.startswith(',') else ' '}{head}".rstrip()
        return " ".join([*prefixes, f"{head}: {repeated.body}" if repeated.body else head])
    parts = " || ".join(_print_part(part) for part in command.parts).replace("|| ,", "||,")
    separator = "" if parts.startswith(",") else " "
    return " ".join([*prefixes, f"{command.word}{separator}{parts}".rstrip()])


def _print_part(part: Part) -> str:
    pieces = [text for text in (part.word, part.body) if text]
    if part.expression is not None:
        pieces.append(f"= {print_expression(part.expression)}")
    pieces += print_clauses(part.if_, part.in_, part.weight)
    if part.using is not None:
        pieces.append(f"using {print_string(part.using)}")
    options = " ".join(print_option(use) for use in part.options)
    return " ".join(pieces) + (f", {options}" if options else "")


def print_option(use: OptionUse) -> str:
    """Return an option with its full name."""
    if use.argument is None or use.decl.kind is OptionKind.FLAG:
        return use.decl.name
    return f"{use.decl.name}({use.argument})"
