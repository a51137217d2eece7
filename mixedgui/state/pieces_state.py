"""The state of a dialog whose command's free text has a field for each of its pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from engine.api import CommandDecl, Dataset, PieceDecl, PieceKind, Problem, VarlistRule
from mixedgui.state.command_state import CommandForm, CommandState
from mixedgui.state.field_checks import varlist_problems
from mixedgui.state.statistic_rows import read_rows, write_rows
from mixedgui.state.translation import shown, tr

_GROUP = re.compile(r"\s*(?:\(([^()]*)\)|([^\s()]+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class PiecesForm(CommandForm):
    """As any form; `body` is what `pieces`, texts in the order of their declarations, make together."""

    pieces: tuple[str, ...] = ()


class PiecesState(CommandState):
    """Keeps the pieces as typed, so that a text does not move to another field while one is still empty."""

    def __init__(self, decl: CommandDecl) -> None:
        texts = tuple(p.choices[0].word if p.kind is PieceKind.CHOICE else "" for p in decl.pieces)
        super().__init__(decl, PiecesForm(pieces=texts, body=joined(texts, decl.pieces)))

    def piece(self, name: str) -> str:
        """Return what stands in a piece."""
        return self._texts()[self._place(name)]

    def set_piece(self, name: str, text: str) -> None:
        """Change a piece; typing into one is one undo step."""
        place = self._place(name)
        texts = tuple(text if k == place else old for k, old in enumerate(self._texts()))
        label = shown(self.decl.pieces[place].label)
        self.put(self._form_with(texts), tr("Change {0}").format(label), merge=f"piece {name}")

    def load_command(self, text: str) -> None:
        """Fill the dialog from a command; StataError, and nothing changed, when it is not one of this dialog's."""
        super().load_command(text)
        texts = split(self.form.body, self.decl.pieces)
        own = {field.name: getattr(self.form, field.name) for field in fields(CommandForm)}
        self._form = PiecesForm(**own | {"pieces": texts, "body": joined(texts, self.decl.pieces)})
        self.changed()

    def problems(self, dataset: Dataset) -> list[Problem]:
        """Return what is wrong, the want of a file included."""
        found = super().problems(dataset)
        if self.decl.using and not self.form.using.strip():
            found.append(Problem(100, tr("choose a file"), "using"))
        return found

    def _place(self, name: str) -> int:
        return next(k for k, piece in enumerate(self.decl.pieces) if piece.name == name)

    def _texts(self) -> tuple[str, ...]:
        form = self.form
        return form.pieces if isinstance(form, PiecesForm) else split(form.body, self.decl.pieces)

    def _form_with(self, texts: tuple[str, ...]) -> CommandForm:
        body = joined(texts, self.decl.pieces)
        if isinstance(self.form, PiecesForm):
            return replace(self.form, pieces=texts, body=body)
        return replace(self.form, body=body)

    def _body_problems(self, dataset: Dataset) -> list[Problem]:
        texts = self._texts()
        found: list[Problem] = []
        optional = self.decl.varlist is VarlistRule.OPTIONAL and not any(text.strip() for text in texts)
        for piece, text in zip(self.decl.pieces, texts, strict=True):
            if not text.strip():
                if piece.required and not optional:
                    found.append(Problem(100, tr("fill in: {0}").format(shown(piece.label)), piece.name))
            elif piece.kind is PieceKind.STATISTICS:
                for row in read_rows(text):
                    found += varlist_problems(row.variables, dataset, piece.name)
            elif piece.kind is not PieceKind.CHOICE and text.strip() not in piece.also:
                factors = self.decl.factor_variables and piece.kind is PieceKind.VARIABLES
                found += varlist_problems(text, dataset, piece.name, factors=factors)
        return found


def joined(texts: Sequence[str], pieces: Sequence[PieceDecl]) -> str:
    """Return the free text that the pieces make."""
    written = [
        _bracketed(text.strip(), later=any(t.strip() for t in texts[k + 1 :]))
        if piece.kind is PieceKind.BRACKETS
        else text.strip()
        for k, (piece, text) in enumerate(zip(pieces, texts, strict=True))
    ]
    return " ".join(text for text in written if text)


def _bracketed(text: str, *, later: bool) -> str:
    """Return variables, in brackets where they are several, or none before others."""
    several = not re.fullmatch(r"\w+", text)
    return f"({text})" if (text and several) or (not text and later) else text


def split(body: str, pieces: Sequence[PieceDecl]) -> tuple[str, ...]:
    """Return what stands in each piece of a free text; what is left over goes into the last one."""
    rest = body.strip()
    names = [k for k, piece in enumerate(pieces) if piece.kind is PieceKind.VARIABLE]
    words = rest.split()
    taken = sorted(sorted(names, key=lambda k: not pieces[k].required)[: len(words)])
    texts: list[str] = []
    for place, piece in enumerate(pieces):
        text = ""
        if piece.kind is PieceKind.CHOICE:
            text, rest = _chosen(rest, piece)
        elif piece.kind is PieceKind.VARIABLE:
            if place in taken:
                text, _, rest = rest.partition(" ")
        elif piece.kind is PieceKind.BRACKETS:
            match = _GROUP.match(rest)
            if match is not None:
                text, rest = match[1] if match[1] is not None else match[2], rest[match.end() :].strip()
        else:
            text, rest = rest, ""
            if piece.kind is PieceKind.STATISTICS:
                text = write_rows(read_rows(text))
        texts.append(text.strip())
    if rest.strip():
        texts[-1] = f"{texts[-1]} {rest.strip()}".strip()
    return tuple(texts)


def _chosen(rest: str, piece: PieceDecl) -> tuple[str, str]:
    """Return the word of a choice, in full, and what follows it; the first choice where none stands there."""
    if any(":" in choice.word for choice in piece.choices):
        rest = re.sub(r"^(\w)\s*:\s*(\w)", r"\1:\2", rest)
    word, _, others = rest.partition(" ")
    for choice in piece.choices:
        if word and len(word) >= choice.minimum and choice.word.startswith(word):
            return choice.word, others.strip()
    return piece.choices[0].word, rest
