"""The help of a command, made from its declaration."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.tables.document import Block, Lines, Role
from engine.tables.meaning import of_command

_VARLISTS = {
    VarlistRule.NONE: "",
    VarlistRule.OPTIONAL: " [varlist]",
    VarlistRule.REQUIRED: " varlist",
    VarlistRule.NEW: " newvar",
    VarlistRule.TEXT: " …",
}
_INDENT = 4
_OPTION_WIDTH = 26


def syntax_line(declaration: CommandDecl) -> str:
    """Return the command's form in one line."""
    text = declaration.name + _VARLISTS[declaration.varlist]
    if declaration.equations:
        text = f"{declaration.name} depvar [indepvars]"
    if declaration.prefix:
        return f"{declaration.name} [exp_list] [, options]: command"
    text += " = exp" if declaration.assign else ""
    text += " [if]" if declaration.allow_if else ""
    text += " [in]" if declaration.allow_in else ""
    text += " [weight]" if declaration.weights else ""
    text += " || level: [varlist] …" if declaration.equations else ""
    text += " using filename" if declaration.using else ""
    return text + (" [, options]" if any(not option.refused for option in declaration.options) else "")


def help_page(declaration: CommandDecl, linesize: int) -> tuple[Block, ...]:
    """Return title, syntax, description, options, examples and stored results as text."""
    width = min(linesize, 100) - 2
    blocks: list[Block] = [_section("Title", [f"{declaration.name} - {declaration.title}"], width)]
    syntax = [syntax_line(declaration)]
    if declaration.minimum < len(declaration.name):
        syntax.append(f"Shortest form: {declaration.name[: declaration.minimum]}")
    for name, minimum in declaration.synonyms:
        shortest = f" (shortest form: {name[:minimum]})" if minimum < len(name) else ""
        syntax.append(f"Also written {name}{shortest}")
    blocks.append(_section("Syntax", syntax, width))
    if declaration.menu:
        blocks.append(_section("Menu", [" > ".join(declaration.menu)], width))
    if declaration.help:
        blocks.append(_section("Description", [declaration.help], width))
    working = [option for option in declaration.options if not option.refused]
    if working:
        blocks += [Lines(("Options",), Role.TITLE), Lines((*_options(working, width), ""))]
    if declaration.examples:
        blocks.append(_section("Examples", [f". {example}" for example in declaration.examples], width))
    if declaration.results:
        rows = [line for entry in declaration.results for line in _beside(*entry, width)]
        blocks += [Lines(("Stored results",), Role.TITLE), Lines((*rows, ""))]
    blocks += _numbers(declaration.name, width)
    return (Lines(("",)), *blocks)


def _numbers(command: str, width: int) -> list[Block]:
    """Return what the numbers that a command prints mean."""
    entries = list(of_command(command))
    if not entries:
        return []
    lines = [line for entry in entries for line in _beside(entry.title, entry.in_words, width)]
    return [Lines(("Reading the numbers",), Role.TITLE), Lines((*lines, ""))]


def _section(title: str, paragraphs: Iterable[str], width: int) -> Lines:
    """Return a heading and indented paragraphs."""
    lines = [title]
    for text in paragraphs:
        wrapped = textwrap.wrap(
            text, width - _INDENT, subsequent_indent=" " * 4 if text.startswith(". ") else "", break_on_hyphens=False,
            drop_whitespace=True, replace_whitespace=False,
        )  # fmt: skip
        lines += [" " * _INDENT + line for line in wrapped]
    return Lines((*lines, ""))


def option_form(option: OptionDecl) -> str:
    """Return an option as it is typed: ``level(real)``, ``covariance(independent | …)``."""
    if option.kind is OptionKind.FLAG:
        return option.name
    if option.kind is OptionKind.CHOICE:
        return f"{option.name}({' | '.join(choice.word for choice in option.choices if not choice.refused)})"
    return f"{option.name}({option.kind.value})"


def _options(options: Iterable[OptionDecl], width: int) -> list[str]:
    """Return each option with its explanation beside it, its shortest form in brackets."""
    lines: list[str] = []
    for option in options:
        form = option_form(option)
        text = option.help or option.label
        if option.minimum < len(option.name):
            text += f" [{option.name[: option.minimum]}]"
        lines += _beside(form, text, width)
    return lines


def _beside(head: str, text: str, width: int) -> list[str]:
    """Return a word and its explanation in two columns; a long word has lines of its own."""
    lines: list[str] = []
    if len(head) >= _OPTION_WIDTH - 1:
        indents = " " * _INDENT, " " * (_INDENT + 4)
        lines += textwrap.wrap(head, width, initial_indent=indents[0], subsequent_indent=indents[1])
        head = ""
    for line in textwrap.wrap(text, width - _INDENT - _OPTION_WIDTH, break_on_hyphens=False) or [""]:
        lines.append(f"{'':{_INDENT}}{head:<{_OPTION_WIDTH}}{line}".rstrip())
        head = ""
    return lines
