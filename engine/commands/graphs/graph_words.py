"""Arguments of graph options cut into their pieces: quoted texts, values, and options after a comma."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import Span, StataError
from engine.lang.abbrev import matches, nearest
from engine.lang.command import OptionUse
from engine.lang.tokens import Kind, Token, closing_bracket, depths, string_value, tokenize


@dataclass(frozen=True, slots=True)
class Argument:
    """An option's argument: the text and tokens before the comma, and what stands after it by full name.

    A sub-option without brackets has the value None.
    """

    use: OptionUse
    text: str
    tokens: tuple[Token, ...]
    options: Mapping[str, str | None]

    def wrong(self, why: str) -> StataError:
        """Return r(198) that names the option."""
        return StataError(198, f"option {self.use.decl.name}() incorrectly specified: {why}", self.span)

    @property
    def span(self) -> Span | None:
        """Where the argument stands in the command."""
        return self.use.argument_span or self.use.span

    def number(self, name: str) -> float | None:
        """Return the number in the brackets of a sub-option, None where it was not given."""
        if name not in self.options:
            return None
        text = self.options[name] or ""
        try:
            return float(text)
        except ValueError:
            raise self.wrong(f"{name}() needs a number, not {text or 'nothing'}") from None


def read_argument(use: OptionUse, allowed: Mapping[str, int]) -> Argument:
    """Cut an argument at its comma; `allowed` are the sub-options with their shortest forms.

    Raises
    ------
    StataError
        198 for a sub-option that is not among them, named.
    """
    text = use.argument or ""
    tokens = tokenize(text)
    level = depths(tokens)
    comma = next((k for k, t in enumerate(tokens) if t.text == "," and t.kind is not Kind.STRING and not level[k]), -1)
    if comma < 0:
        return Argument(use, text.strip(), tuple(tokens), {})
    options = _suboptions(use, text, tokens[comma + 1 :], allowed)
    return Argument(use, text[: tokens[comma].start].strip(), tuple(tokens[:comma]), options)


def _suboptions(use: OptionUse, text: str, tokens: list[Token], allowed: Mapping[str, int]) -> Mapping[str, str | None]:
    found: dict[str, str | None] = {}
    at = 0
    while at < len(tokens):
        token = tokens[at]
        name = next((word for word, least in allowed.items() if matches(token.text, word, least)), None)
        if name is None:
            meant = nearest(token.text, allowed)
            hint = f"; did you mean {meant}?" if meant else ""
            message = f"{use.decl.name}(): suboption {token.text} not allowed{hint}"
            raise StataError(198, message, _within(use, token))
        at += 1
        found[name] = None
        if at < len(tokens) and tokens[at].kind is Kind.OPEN:
            last = closing_bracket(tokens, at)
            found[name] = text[tokens[at].end : tokens[last].start].strip()
            at = last + 1
    return found


def _within(use: OptionUse, token: Token) -> Span | None:
    if use.argument_span is None:
        return use.span
    start, end = use.argument_span
    added = len(use.argument or "") - (end - start)  # a comma put before it
    return max(start + token.start - added, start), max(start + token.end - added, start)


def quoted_lines(text: str) -> str:
    """Return the text of a title: quoted pieces are lines of their own, anything else is taken as it stands."""
    tokens = tokenize(text)
    if tokens and all(token.kind is Kind.STRING for token in tokens):
        return "\n".join(string_value(token.text) for token in tokens)
    return text.strip()


def unquoted(text: str) -> str:
    """Return a word or a text without its quotes."""
    text = text.strip()
    return string_value(text) if text.startswith(('"', '`"')) else text


def items(text: str) -> list[str]:
    """Return the words of a list; quoted texts lose their quotes, ``=`` repeats the word before."""
    words: list[str] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if text[at] == '"':
            end = text.find('"', at + 1)
            end = len(text) if end < 0 else end
            word, at = text[at + 1 : end], end + 1
            tail = at
            while at < len(text) and not text[at].isspace():
                at += 1
            word += text[tail:at]
        else:
            start = at
            while at < len(text) and not text[at].isspace():
                at += 1
            word = text[start:at]
        words.append(words[-1] if word == "=" and words else word)
    return words
