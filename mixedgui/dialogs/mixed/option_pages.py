"""The pages *Reporting*, *EM options* and *Maximization*: which options stand together, under which heads."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.api import MIXED, OptionDecl, OptionKind
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.mixed.declared import option
from mixedgui.dialogs.mixed.format_rows import FormatRows
from mixedgui.dialogs.mixed.options_dialog import OptionsDialog
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.option_group import ExclusiveGroup, OptionGroup, heading
from mixedgui.widgets.section import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Options under one head.

    Attributes
    ----------
    exclusive
        True for options that exclude each other, the default first.
    none
        Label and help of a default that no option stands for.
    child
        Name and help of the sub-dialog that holds the options; empty when they stand on the page.
    """

    head: str
    names: tuple[str, ...]
    exclusive: bool = False
    none: tuple[str, str] | None = None
    child: tuple[str, str] | None = None


REPORTING = (
    Part(head=mark("Random effects as"), names=("variance", "stddeviations"), exclusive=True),
    Part(head=mark("Tables"), names=(
        "level", "dftable", "noretable", "nofetable", "noheader", "nogroup", "nolrtest", "nostderr", "noci",
        "nopvalues", "terms", "extras", "estmetric", "coeflegend", "nocnsreport")),
    Part(head=mark("Factor variables and width"), names=(
        "fvwrap", "fvwrapon", "noomitted", "vsquish", "noemptycells", "baselevels", "allbaselevels", "nofvlabel",
        "nolstretch"), child=("mixed_fvdisplay", mark("How rows of factor variables are labelled and wrapped."))),
    Part(head=mark("Number formats"), names=("cformat", "pformat", "sformat"),
         child=("mixed_formats", mark("How many decimals coefficients, p-values and statistics have."))),
)  # fmt: skip

EM = (
    Part(head=mark("EM iterations before the gradient-based ones"), names=("emiterate", "emtolerance", "emonly")),
    Part(head=mark("EM log"), names=("emlog", "emdots"), exclusive=True,
         none=(mark("None"), mark("Do not show the EM iterations. The default."))),
)  # fmt: skip

MAXIMIZATION = (
    Part(head=mark("Iterations"), names=("technique", "iterate", "difficult")),
    Part(head=mark("Iteration log"), names=("log", "nolog"), exclusive=True),
    Part(head=mark("Show in the log"), names=("trace", "gradient", "showstep", "hessian", "showtolerance")),
    Part(head=mark("Convergence"), names=("tolerance", "ltolerance", "nrtolerance", "nonrtolerance")),
    Part(head=mark("Variance components as"), names=("matsqrt", "matlog"), exclusive=True),
)


_NOT_HERE = frozenset({"small"})
"""Options of these pages that only a redisplay takes."""


def with_rest(page: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts of a page, and after them the options declared for it that none of them names."""
    placed = {name for part in parts for name in part.names} | _NOT_HERE
    rest = tuple(decl.name for decl in MIXED.options if decl.page == page and decl.name not in placed)
    return (*parts, Part(head=tr("Also"), names=rest)) if rest else parts


class OptionsPage(Section):
    """Headed groups of options, laid out from their declarations."""

    def __init__(
        self, page: str, parts: tuple[Part, ...], state: MixedState, dialog: CommandDialog, parent: QWidget
    ) -> None:
        super().__init__(parent)
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        column.setSpacing(2 * unit)
        opened = QHBoxLayout()
        opened.setSpacing(2 * unit)
        for part in with_rest(page, parts):
            declared = [option(name) for name in part.names]
            group: Section
            if part.child:
                opened.addWidget(self._child(part, declared, state, dialog))
                continue
            if part.exclusive:
                group = ExclusiveGroup(declared, state, "mixed", self, none=part.none)
            else:
                group = OptionGroup(declared, state, "mixed", self)
            column.addWidget(heading(part.head, self))
            column.addWidget(group)
            for decl in declared:
                if decl.kind is not OptionKind.FLAG:
                    column.addWidget(dialog.note_under(decl.name, self))
            column.addSpacing(2 * unit)
            self.absorb(group)
        if opened.count():
            opened.addStretch()
            column.addLayout(opened)
        column.addStretch()

    def _child(self, part: Part, declared: list[OptionDecl], state: MixedState, dialog: CommandDialog) -> QWidget:
        """Make the sub-dialog of a part and return the button that opens it."""
        name, help_text = part.child or ("", "")
        child = OptionsDialog(name, part.names, state, dialog, title=part.head, help_text=help_text)
        formats = all(decl.kind is OptionKind.FORMAT for decl in declared)
        group: Section = FormatRows(declared, state, child) if formats else OptionGroup(declared, state, "mixed", child)
        child.fill(group)
        self.bindings += group.bindings
        self.refreshers += [*group.refreshers, child.refresh]
        self.reasons |= group.reasons
        self.labels.append(child.opener)
        self.focus_order.append(child.opener)
        return child.opener
