"""What a record printed, sorted into the parts of a card, and blocks shown as text with tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from html import escape

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from engine.api import Block, Document, FigurePlace, Header, Lines, Role, Table, figures_in, render_block, render_html
from mixedgui.docks.results.text_format import ROLE_TOKENS
from mixedgui.models.explainer import Explainer
from mixedgui.models.fit_parts import FitSummary
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.explanation import show_explanation

CONSERVATIVE = "Note: LR test is conservative and provided only for reference."
"""Said in the sentence about the test."""

MOST_TABLES = 12
"""More tables than this of one command are shown as text: each is a widget."""

DRAWN_CELLS = 240
"""A table with more cells is shown as printed: laying it out takes time that grows with the square of their number."""

SHOWN_ROWS = 100
"""A longer part of a card shows its beginning and says so; the text view has all of it."""

RUN_ROWS = 30
"""Blocks of more rows than this together are several texts: each takes time that grows with its length's square."""

USUAL_UNITS = 150
WIDTHS_KEPT = 8


class PartKind(Enum):
    """How a run of blocks is shown."""

    LOG = "log"
    """Folded away."""
    HEAD = "head"
    """Title, key figures and verdict of a fit."""
    TABLE = "table"
    """One table, of estimates with intervals or of anything else."""
    AGAINST = "against"
    """The test against the model without random effects."""
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks that are shown together."""

    kind: PartKind
    blocks: tuple[Block, ...] = ()


def parts_of(blocks: Sequence[Block], summary: FitSummary | None) -> list[Part]:
    """Sort blocks into parts, in their order; what a fit's head says is not said again below it."""
    parts: list[Part] = []
    as_text = sum(_kind(block, summary) is PartKind.TABLE for block in blocks) > MOST_TABLES
    for block in blocks:
        kind = _kind(block, summary)
        if as_text and kind is PartKind.TABLE:
            kind = PartKind.TEXT
        if kind is None or (kind is PartKind.HEAD and any(part.kind is kind for part in parts)):
            continue
        if parts and parts[-1].kind is kind and kind in {PartKind.LOG, PartKind.TEXT}:
            parts[-1] = Part(kind, (*parts[-1].blocks, block))
        else:
            parts.append(Part(kind, (block,)))
    if summary is not None and not any(part.kind is PartKind.HEAD for part in parts):
        place = next((n for n, part in enumerate(parts) if part.kind is not PartKind.LOG), len(parts))
        parts.insert(place, Part(PartKind.HEAD))
    return [part for part in parts if part.kind is not PartKind.TEXT or not _is_blank(part.blocks)]


def _kind(block: Block, summary: FitSummary | None) -> PartKind | None:
    """Return how a block is shown, None when it is not."""
    if isinstance(block, Lines) and block.foldable:
        return PartKind.LOG
    if isinstance(block, Table) and 0 < len(block.rows) <= SHOWN_ROWS:
        return PartKind.TABLE
    if summary is None:
        return PartKind.TEXT
    if isinstance(block, Header):
        return PartKind.HEAD
    if isinstance(block, Lines):
        text = " ".join(" ".join(block.lines).split())
        if summary.against and text.startswith("LR test vs."):
            return PartKind.AGAINST
        if summary.conservative and text == CONSERVATIVE:
            return None
        if summary.verdict is not None and " ".join(summary.verdict.sentence.split()) in text:
            return None
    return PartKind.TEXT


def _is_blank(blocks: Sequence[Block]) -> bool:
    return all(isinstance(block, Lines) and not any(line.strip() for line in block.lines) for block in blocks)


def log_summary(blocks: Sequence[Block]) -> str:
    """Return one line for a folded iteration log."""
    lines = [
        line for block in blocks if isinstance(block, Lines) for line in block.lines if line.startswith("Iteration")
    ]
    return tr("Iteration log  ·  {0}").format(lines[-1].strip()) if lines else tr("Iteration log")


class BlockText(QLabel):
    """Blocks as text with tables, selectable; numbers with a label explain themselves, by pointer and by key."""

    def __init__(
        self, blocks: Sequence[Block], factor: float, parent: QWidget, explainer: Explainer | None = None
    ) -> None:
        super().__init__(parent)
        self._explainer = explainer
        self._figures: list[FigurePlace] = []
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFont(theme().font(factor))
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setText("".join([_style(factor), *map(self._html, _trimmed(blocks))]))
        if self._figures:
            links = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | links)
            self.setAccessibleName(self.tr("Result as text; Tab goes to its numbers, Enter explains one"))
            self.linkHovered.connect(self._hovered)
            self.linkActivated.connect(self._activated)
        self._heights: dict[int, int] = {}

    def _html(self, block: Block) -> str:
        """Return a block as HTML; numbers with a label are links to their explanation."""
        html = render_html(Document((block,)))
        if self._explainer is None or not isinstance(block, Lines) or block.role is not Role.TEXT:
            return html
        color = theme().color("text").name()
        for line in block.lines:
            pieces, at = [], 0
            for place in figures_in(line):
                if self._explainer.figure(place.label, place.value, place.text) is None:
                    continue
                link = f'<a href="{len(self._figures)}" style="color:{color}; text-decoration:none">'
                pieces += [escape(line[at : place.start]), f"{link}{escape(place.text)}</a>"]
                self._figures.append(place)
                at = place.end
            if pieces:
                html = html.replace(escape(line), "".join([*pieces, escape(line[at:])]), 1)
        return html

    @Slot(str)
    def _hovered(self, link: str) -> None:
        if link:
            self._show(link, by_key=False)
        else:
            QToolTip.hideText()

    @Slot(str)
    def _activated(self, link: str) -> None:
        self._show(link, by_key=True)

    def _show(self, link: str, *, by_key: bool) -> None:
        place = self._figures[int(link)]
        found = self._explainer.figure(place.label, place.value, place.text) if self._explainer is not None else None
        if found is not None:
            corner = self.mapToGlobal(QPoint(0, self.height())) if by_key else QCursor.pos()
            show_explanation(found, self, corner, QRect(), by_key=by_key)

    def heightForWidth(self, width: int) -> int:
        """Return the height of the text at `width`, laid out once for each."""
        if width not in self._heights:
            if len(self._heights) > WIDTHS_KEPT:
                self._heights.clear()
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        """Return a usual width with a height known before: the text is laid out only at the width that it gets."""
        height = next(reversed(self._heights.values()), self.fontMetrics().lineSpacing())
        return QSize(USUAL_UNITS * theme().unit, height)

    def minimumSizeHint(self) -> QSize:
        """Leave the height to the width."""
        return QSize(20 * theme().unit, theme().unit)


def _trimmed(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks without blank lines at the beginning and the end: the card has distances of its own."""
    kept = list(blocks)
    for end in (0, -1):
        while kept and isinstance(kept[end], Lines) and _is_blank(kept[end : end + 1 or None]):
            kept.pop(end)
    if kept and isinstance(kept[0], Lines):
        first = next(number for number, line in enumerate(kept[0].lines) if line.strip())
        kept[0] = replace(kept[0], lines=kept[0].lines[first:])
    return kept


def runs_of(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield blocks in runs that are quickly laid out: as many as have room, the last one cut, with a note about it."""
    run: list[Block] = []
    for block in _shortened(_trimmed(blocks)):
        if run and sum(map(_length, [*run, block])) > RUN_ROWS:
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _shortened(blocks: Sequence[Block]) -> list[Block]:
    """Return as many blocks as have room, the last one cut, and a note about the rest."""
    shown: list[Block] = []
    total, room = sum(_length(block) for block in blocks), SHOWN_ROWS
    for block in blocks:
        if room <= 0:
            break
        if isinstance(block, Table):
            shown.append(_light(replace(block, rows=block.rows[:room])))
        elif isinstance(block, Lines):
            shown.append(replace(block, lines=block.lines[:room]))
        else:
            shown.append(block)
        room -= _length(block)
    if total > SHOWN_ROWS:
        note = tr("the first {SHOWN_ROWS} of {total:,} rows; the text view has all of them").format(
            SHOWN_ROWS=SHOWN_ROWS, total=total
        )
        shown.append(Lines((note,), Role.LOG))
    return shown


def _light(table: Table) -> Block:
    """Return a table, one with many cells as its lines of text, as far as there is room."""
    if len(table.rows) * len(table.columns) <= DRAWN_CELLS:
        return table
    return Lines(tuple(render_block(table)[:SHOWN_ROWS]))


def _length(block: Block) -> int:
    if isinstance(block, Table):
        return len(block.rows)
    return len(block.lines) if isinstance(block, Lines) else 0


def _style(factor: float) -> str:
    """Return the style element: colours by role, the fixed-pitch font for what keeps its columns."""
    mono = theme().mono(factor)
    families = ", ".join(f"'{family}'" for family in mono.families())
    rules = [f"pre {{ font-family: {families}; }}"]
    rules += [f".{role.value} {{ color: {getattr(theme().tokens, ROLE_TOKENS[role])}; }}" for role in Role]
    return f"<style>{' '.join(rules)}</style>"
