"""One typed command: prefixes, command word, parts between ``||``, clauses and options ([U] 11.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from engine.errors import Span, StataError
from engine.lang.abbrev import nearest
from engine.lang.absent import why_absent
from engine.lang.clauses import read_head
from engine.lang.command import Command, Part, Prefix
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.lang.options import read_options
from engine.lang.overlays import read_overlays
from engine.lang.prefixes import LATER_PREFIXES, by_prefix, flag_prefix
from engine.lang.repeating import read_repeating
from engine.lang.tokens import Kind, Token, check_balance, depths, refuse_macros, shortened, tokenize

FindCommand: TypeAlias = Callable[[str], CommandDecl | None]

_WORD = re.compile(r"[^\W\d]\w*")
_STRETCH = re.compile(r"[^\s,:(\[\"]+|.")


def parse_command(text: str, find: FindCommand, known: Iterable[str] = (), *, expanded: bool = False) -> Command:
    """Read one command.

    Parameters
    ----------
    text
        One logical line, without comments and continuation marks (`engine.lang.dofile` removes them).
    find
        Returns the declaration behind a possibly abbreviated command word, None when there is none.
    known
        Names of commands, among which the one nearest to an unknown word is suggested.
    expanded
        True when macros have been replaced already, so that what looks like one is text.

    Raises
    ------
    StataError
        r(199) unknown command, r(198) bad syntax or option, r(132) brackets, and the clauses' own codes; spans are
        relative to `text`.
    """
    prefixes, start = split_prefixes(text)
    tokens = tokenize(text)
    level = depths(tokens)
    at = next((k for k, token in enumerate(tokens) if token.start >= start), len(tokens))
    if at == len(tokens):
        raise StataError(198, "a command is missing here", (max(0, len(text) - 1), len(text)))
    word = _command_word(text, start)
    decl = find(word)
    if decl is None:
        raise _unrecognized(word, start, text, known)
    if decl.prefix:
        return Command(decl, word, read_repeating(text, start + len(word), decl), prefixes, text)
    if decl.verbatim and not decl.family:
        return Command(decl, word, (_verbatim(text, start + len(word)),), prefixes, text)
    if not expanded:
        refuse_macros(text)
    if not decl.family:
        check_balance(tokens)
    if tokens[at].end > start + len(word):  # the word ends inside a token: cut the rest off
        tokens[at] = Token(Kind.OTHER, text[start + len(word) : tokens[at].end], start + len(word), tokens[at].end)
    else:
        at += 1
    second = _second_word(tokens, at, decl, find)
    if second is not None:
        decl, word = second, text[start : tokens[at].end]
        at += 1
    if decl.verbatim:
        return Command(decl, word, (_verbatim(text, start + len(word)),), prefixes, text)
    check_balance(tokens)
    read = read_overlays if decl.plots else _read_parts
    parts = read(text, tokens[at:], level[at:], decl, (start, start + len(word)))
    _check_by(prefixes, parts)
    return Command(decl, word, parts, prefixes, text)


def _second_word(tokens: Sequence[Token], at: int, decl: CommandDecl, find: FindCommand) -> CommandDecl | None:
    """Return the command that the word at `at` names together with the one before, unless it is given a value."""
    if not decl.family or at >= len(tokens):
        return None
    if decl.verbatim and at + 1 < len(tokens) and tokens[at + 1].text == "=":
        return None
    return find(f"{decl.name} {tokens[at].text}")


def _verbatim(text: str, end: int) -> Part:
    """Return all that follows the name, which ends at `end`, as one body."""
    rest = text[end:]
    begin = end + len(rest) - len(rest.lstrip())
    body = rest.strip()
    return Part(body=body, body_span=(begin, begin + len(body)))


def split_prefixes(text: str) -> tuple[tuple[Prefix, ...], int]:
    """Return the prefixes of a command and where the command itself begins (``len(text)`` when nothing follows).

    Raises
    ------
    StataError
        r(198) or r(100) for ``by`` without colon or variables.
    """
    tokens = tokenize(text)
    level = depths(tokens)
    prefixes: list[Prefix] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        flag = flag_prefix(token.text)
        by = by_prefix(token.text)
        if token.text == "version" and [t.text for t in tokens[at + 2 : at + 3]] == [":"]:
            prefixes.append(Prefix("version", tokens[at + 1].text, (token.start, tokens[at + 2].end)))
            at += 3
            continue
        if flag is not None:
            prefixes.append(Prefix(flag, "", (token.start, token.end)))
            at += 2 if at + 1 < len(tokens) and tokens[at + 1].text == ":" else 1
        elif by is not None:
            colon = next((k for k in range(at + 1, len(tokens)) if tokens[k].text == ":" and level[k] == 0), None)
            if colon is None:
                message = f"{by} needs a colon before the command: {by} group: command"
                raise StataError(198, message, (token.start, token.end))
            argument = text[token.end : tokens[colon].start].strip()
            if not argument or argument[0] == ",":
                raise StataError(100, f"varlist required after {by}", (token.start, token.end))
            prefixes.append(Prefix(by, argument, (token.start, tokens[colon].end)))
            at = colon + 1
        else:
            break
    return tuple(prefixes), tokens[at].start if at < len(tokens) else len(text)


def flag_words(text: str) -> list[str]:
    """Return the full names of ``quietly``, ``capture`` and ``noisily`` before a command that may be wrong itself."""
    words: list[str] = []
    for token in tokenize(text):
        flag = flag_prefix(token.text)
        if flag is not None:
            words.append(flag)
        elif token.text != ":" or not words:
            break
    return words


def _command_word(text: str, start: int) -> str:
    match = _WORD.match(text, start) or _STRETCH.match(text, start)
    return match.group() if match else text[start : start + 1]


def _unrecognized(word: str, start: int, text: str, known: Iterable[str]) -> StataError:
    span = (start, start + len(word))
    if word in LATER_PREFIXES and ":" in text[start:]:
        return StataError(199, f"the prefix {word} is not available in this version", span)
    why = why_absent("!" if word.startswith("!") else word)
    if why:
        return StataError(199, f"command {shortened(word)} is unrecognized: {why}", span)
    meant = nearest(word, known)
    hint = f"; did you mean {meant}?" if meant else ""
    return StataError(199, f"command {shortened(word)} is unrecognized{hint}", span)


def _read_parts(
    text: str, tokens: Sequence[Token], level: Sequence[int], decl: CommandDecl, word_span: Span
) -> tuple[Part, ...]:
    """Cut at ``||`` where the command has equations, and read each part."""
    bars = [k for k in range(len(tokens)) if decl.equations and tokens[k].text == "||" and level[k] == 0]
    synonym = not decl.name.startswith(text[slice(*word_span)])
    parts: list[Part] = []
    for first, last in zip([0, *(k + 1 for k in bars)], [*bars, len(tokens)], strict=True):
        begin = tokens[first - 1].end if first else word_span[1]
        end = tokens[last].start if last < len(tokens) else len(text)
        comma = next((k for k in range(first, last) if tokens[k].text == "," and level[k] == 0), last)
        head_end = tokens[comma].start if comma < last else end
        part = read_head(text, tokens[first:comma], level[first:comma], decl, (begin, head_end))
        if not parts:
            _check_body(part, decl, word_span)
        options = read_options(text, tokens[comma + 1 : last], decl, first_part=not parts, synonym=synonym)
        parts.append(replace(part, options=options))
    return tuple(parts)


def _check_body(part: Part, decl: CommandDecl, word_span: Span) -> None:
    """Check that variables are there exactly where the command wants some."""
    if decl.varlist in (VarlistRule.REQUIRED, VarlistRule.NEW) and not part.body:
        raise StataError(100, "varlist required", word_span)
    if decl.varlist is VarlistRule.NONE and part.body:
        raise StataError(198, f"{part.body} is not expected after {decl.name}", part.body_span)
    if decl.varlist is VarlistRule.NEW and decl.assign and part.expression is None:
        why = ": = assigns a value, == compares" if "==" in part.body else ""
        raise StataError(100, f"=exp required{why}", part.body_span)


def _check_by(prefixes: tuple[Prefix, ...], parts: tuple[Part, ...]) -> None:
    """Refuse ``by`` with a range of observations."""
    for part in parts:
        if part.in_ is not None and any(prefix.name in ("by", "bysort") for prefix in prefixes):
            raise StataError(190, "in may not be combined with by", part.in_.span)
