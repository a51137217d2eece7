"""The plot editor: titles, axes, colours, markers, fonts of a graph; every change is a change of its command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.api import GraphSpec, StataError, graph_appearance
from mixedgui.plots import edit_command as edit
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme

_TITLES = (
    ("title", mark("Title"), "title"),
    ("subtitle", mark("Subtitle"), "subtitle"),
    ("note", mark("Note"), "note"),
    ("xtitle", mark("X axis title"), "x_title"),
    ("ytitle", mark("Y axis title"), "y_title"),
)
_TEXTS = (
    ("xlabel", mark("X labels"), '0(10)50, #5, or 1 "low" 2 "high"'),
    ("ylabel", mark("Y labels"), '0(10)50, #5, or 1 "low" 2 "high"'),
    ("yline", mark("Lines across at"), "0"),
    ("xline", mark("Lines upright at"), "0"),
)
_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "black", "gs8", "navy", "maroon",
    "forest_green", "red", "blue",
)  # fmt: skip
_SERIES = (
    ("mcolor", mark("Marker colour"), _COLOURS),
    ("msymbol", mark("Marker"), ("O", "D", "T", "S", "X", "+", "Oh", "Dh", "Th", "Sh", "p", "i")),
    ("msize", mark("Marker size"), ("tiny", "small", "medium", "large", "huge")),
    ("lcolor", mark("Line colour"), _COLOURS),
    ("lpattern", mark("Line pattern"), ("solid", "dash", "dot", "dash_dot", "shortdash", "longdash")),
    ("lwidth", mark("Line width"), ("thin", "medium", "thick", "vthick")),
    ("fcolor", mark("Fill"), _COLOURS),
)
_USUAL = mark("as usual")


class PlotEditor(QWidget):
    """A form beside a graph.

    Attributes
    ----------
    asked
        Emitted with the command that draws the graph as the form says.
    """

    asked = Signal(str)
    _style: ClassVar[Mapping[str, str]] = {}

    def __init__(self, graph: GraphSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plot_editor")
        self._text = graph.command
        self._graph = graph
        self._fields: dict[str, QLineEdit] = {}
        self._choices: dict[str, QComboBox] = {}
        self._log: dict[str, QCheckBox] = {}
        self._looks: dict[str, QComboBox] = {}
        self._series = QComboBox(self)
        self._preview = QLabel(self)
        self._places = edit.series_of(self._text, graph)
        self._known = edit.options_of(self._text)
        self._lay_out()
        self._show_series()

    @property
    def command(self) -> str:
        """The command as the form says."""
        return self._text

    def _lay_out(self) -> None:
        unit = theme().unit
        inside = QWidget()
        form = QFormLayout(inside)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(unit)
        for name, label, field in ((each[0], tr(each[1]), each[2]) for each in _TITLES):
            self._add_field(form, name, label, str(getattr(self._graph, field)).replace("\n", " | "), "")
        for name, label, hint in ((each[0], tr(each[1]), tr(each[2])) for each in _TEXTS):
            self._add_field(form, name, label, self._argument(name), hint)
        if self._graph.has_right:
            self._add_field(form, "ytitle2", tr("Right axis title"), self._graph.right_title.replace("\n", " | "), "")
            self._add_field(form, "ylabel2", tr("Right labels"), self._argument("ylabel2"), _TEXTS[1][2])
        for letter in "xy":
            check = QCheckBox(tr("Logarithmic {letter} axis").format(letter=letter), inside)
            check.setObjectName(f"plot_editor_{letter}log")
            check.setChecked("log" in self._argument(f"{letter}scale").split())
            check.toggled.connect(lambda on, name=f"{letter}scale": self._set_log(name, on))
            self._log[letter] = check
            self._know(check, f"{letter}scale")
            form.addRow(check)
        schemes = [name for name in graph_appearance.SCHEMES if name]
        self._add_choice(form, "scheme", tr("Scheme"), schemes)
        self._add_choice(form, "scale", tr("Text size"), ["0.8", "1", "1.2", "1.5", "2"])
        self._add_choice(
            form, "fontface", tr("Font"), ["DejaVu Sans", "Arial", "Helvetica", "Times New Roman", "Georgia"]
        )
        self._add_choice(form, "legend", tr("Legend"), ["on", "off", "position(3)", "position(6)", "position(12)"])
        self._series.setObjectName("plot_editor_series")
        self._series.setAccessibleName(tr("Series"))
        self._series.setMinimumContentsLength(8)
        self._series.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._series.addItems([place.label for place in self._places])
        self._series.currentIndexChanged.connect(self._show_series)
        form.addRow(tr("Series"), self._series)
        for name, label, words in ((each[0], tr(each[1]), each[2]) for each in _SERIES):
            box = self._combo(name, label, list(words))
            box.currentTextChanged.connect(lambda word, option=name: self._set_look(option, word))
            self._looks[name] = box
            form.addRow(label, box)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inside)
        self._preview.setWordWrap(True)
        self._preview.setTextFormat(Qt.TextFormat.PlainText)
        self._preview.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._preview.setObjectName("plot_editor_command")
        self._preview.setAccessibleName(tr("Command of the graph"))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit)
        column.addWidget(scroll, 1)
        column.addWidget(self._preview)
        column.addLayout(self._buttons())
        self._tell()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for name, text, tip, call in (
            ("copy_style", tr("Copy style"), tr("Remember scheme, text, legend, colours and markers"), self.copy_style),
            (
                "paste_style",
                tr("Paste style"),
                tr("Use the style that was copied from another graph"),
                self.paste_style,
            ),
            ("apply", tr("Apply"), tr("Draw the graph with this command"), self.apply),
        ):
            button = QPushButton(text, self)
            button.setObjectName(f"plot_editor_{name}")
            button.setToolTip(tip)
            button.clicked.connect(call)
            button.setDefault(name == "apply")
            row.addWidget(button)
        return row

    def _add_field(self, form: QFormLayout, name: str, label: str, text: str, hint: str) -> None:
        field = QLineEdit(text, self)
        field.setObjectName(f"plot_editor_{name}")
        field.setAccessibleName(label)
        field.setPlaceholderText(hint)
        field.setCursorPosition(0)
        field.setMinimumWidth(1)
        field.textEdited.connect(lambda typed, option=name: self._set_text(option, typed))
        field.returnPressed.connect(self.apply)
        self._know(field, name)
        self._fields[name] = field
        form.addRow(label, field)

    def _add_choice(self, form: QFormLayout, name: str, label: str, words: list[str]) -> None:
        box = self._combo(name, label, words)
        current = self._argument(name).strip('"')
        self._select(box, current)
        box.currentTextChanged.connect(lambda word, option=name: self._set_choice(option, word))
        self._choices[name] = box
        self._know(box, name)
        form.addRow(label, box)

    def _combo(self, name: str, label: str, words: list[str]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"plot_editor_{name}")
        box.setAccessibleName(label)
        box.setEditable(True)
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.addItems([_USUAL, *words])
        return box

    def _argument(self, name: str) -> str:
        return edit.option_of(self._text, name.removesuffix("2"), second=name.endswith("2")) or ""

    def _know(self, widget: QWidget, name: str) -> None:
        """Grey a control whose option the command does not take."""
        known = name.removesuffix("2") in self._known
        widget.setEnabled(known)
        if not known:
            widget.setToolTip(tr("This kind of graph has none."))

    @staticmethod
    def _select(box: QComboBox, word: str) -> None:
        box.blockSignals(True)
        box.setCurrentText(word or _USUAL)
        box.blockSignals(False)

    # --- changes -----------------------------------------------------------------------------------------------------

    def _set_text(self, name: str, typed: str) -> None:
        option, second = name.removesuffix("2"), name.endswith("2")
        titled = option in {title for title, _, _ in _TITLES}
        argument = edit.quoted(typed.replace(" | ", "\n")) if titled else typed.strip() or None
        self._change(lambda text: edit.with_option(text, option, argument, second=second))

    def _set_choice(self, name: str, word: str) -> None:
        argument = None if word in ("", _USUAL) else f'"{word}"' if name == "fontface" else word
        self._change(lambda text: edit.with_option(text, name, argument))

    def _set_log(self, name: str, on: bool) -> None:
        words = [word for word in self._argument(name).split() if word != "log"]
        argument = " ".join([*words, *(["log"] if on else [])]) or None
        self._change(lambda text: edit.with_option(text, name, argument))

    def _set_look(self, name: str, word: str) -> None:
        place = self._places[self._series.currentIndex()]
        chosen = None if word in ("", _USUAL) else word
        self._change(lambda text: edit.with_item(text, place, name, chosen))

    def _change(self, changed: Callable[[str], str]) -> None:
        try:
            self._text = changed(self._text)
        except StataError as error:
            self._preview.setText(error.message)
            return
        self._tell()

    def _tell(self) -> None:
        self._preview.setText(self._text)

    @Slot()
    def _show_series(self) -> None:
        """Show the looks of the chosen series; what its plot does not take is greyed."""
        if not self._places:
            return
        place = self._places[max(0, self._series.currentIndex())]
        for name, box in self._looks.items():
            known = name in place.options
            box.setEnabled(known)
            box.setToolTip("" if known else tr("This kind of plot has none."))
            self._select(box, edit.item_of(self._text, place, name) if known else "")

    @Slot()
    def apply(self) -> None:
        """Ask for the graph."""
        self.asked.emit(edit.repeatable(self._text))

    @Slot()
    def copy_style(self) -> None:
        """Remember the style of this graph for others."""
        PlotEditor._style = edit.style_of(self._text)

    @Slot()
    def paste_style(self) -> None:
        """Take over the style that was remembered, and draw."""
        self._change(lambda text: edit.with_style(text, PlotEditor._style))
        self._show_series()
        self.apply()
