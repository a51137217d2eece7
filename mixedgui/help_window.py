"""The list of commands: what each does, its options, examples. Made from the declarations."""

from __future__ import annotations

import platform
from html import escape

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, QStringListModel, Qt, QUrl, Signal, Slot, qVersion
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListView, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from engine.api import (
    CommandDecl,
    OptionDecl,
    OptionKind,
    declarations,
    find_command,
    of_command,
    option_form,
    syntax_line,
)
from mixedgui.closing import close_by_key
from mixedgui.size import open_at
from mixedgui.state.translation import declared, tr
from mixedgui.theme import theme
from mixedgui.version import VERSION
from mixedgui.widgets.search_field import SearchField


class HelpWindow(QDialog):
    """Attributes: `edit_wanted` (an example to put into the Command pane)."""

    edit_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("commands_help")
        self.setWindowTitle(self.tr("Commands"))
        unit = theme().unit
        close_by_key(self)
        open_at(self, 240, 170)
        self._model = QStringListModel(sorted(d.name for d in declarations()), self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._filter = SearchField(self.tr("Filter commands"), self)
        self._filter.textChanged.connect(self._proxy.setFilterFixedString)
        self._list = QListView(self)
        self._list.setAccessibleName(self.tr("Commands"))
        self._list.setModel(self._proxy)
        self._list.setFont(theme().mono())
        self._page = QTextBrowser(self)
        self._page.setAccessibleName(self.tr("Help on the command"))
        self._page.setOpenLinks(False)
        self._page.document().setDocumentMargin(3 * unit)
        self._page.anchorClicked.connect(self._follow)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._filter)
        column.addWidget(self._list)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(left)
        splitter.addWidget(self._page)
        splitter.setSizes([56 * unit, 184 * unit])
        splitter.setHandleWidth(unit)
        splitter.setChildrenCollapsible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, 3 * unit, 3 * unit, 3 * unit)
        row.addWidget(splitter)
        self._list.selectionModel().currentChanged.connect(self._show)
        theme().changed.connect(self._redraw)
        self._list.setCurrentIndex(self._proxy.index(0, 0))

    def show_command(self, name: str) -> None:
        """Turn to a command."""
        names = self._model.stringList()
        if name in names:
            self._filter.clear()
            self._list.setCurrentIndex(self._proxy.mapFromSource(self._model.index(names.index(name))))

    @Slot(QModelIndex)
    def _show(self, index: QModelIndex) -> None:
        declaration = find_command(str(index.data() or ""))
        if declaration is not None:
            self._page.setHtml(command_help(declaration))

    @Slot()
    def _redraw(self) -> None:
        self._show(self._list.currentIndex())

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        declaration = find_command(str(self._list.currentIndex().data() or ""))
        number = int(link.path())
        if declaration is not None and number < len(declaration.examples):
            self.edit_wanted.emit(declaration.examples[number])


def command_help(declaration: CommandDecl) -> str:
    """Return the help of a command as HTML."""
    parts = [f"<h2>{escape(declaration.title)}</h2>"]
    if declaration.help:
        parts.append(f"<p>{escape(declaration.help)}</p>")
    parts.append(f"<p><code>{escape(syntax_line(declaration))}</code></p>")
    names = [
        tr("{name} ({minimum} letters or more)").format(name=name, minimum=minimum)
        for name, minimum in declaration.synonyms
    ]
    if names:
        parts.append(tr("<p>Also written {0}.</p>").format(escape(", ".join(names))))
    if declaration.examples:
        links = [
            f'<p><a href="example:{n}"><code>{escape(text)}</code></a></p>'
            for n, text in enumerate(declaration.examples)
        ]
        parts += [tr("<h3>Examples</h3><p>A click puts the command into the Command pane.</p>"), *links]
    working = [option for option in declaration.options if not option.refused]
    if working:
        rows = "".join(
            f"<tr><td style='padding-right:16px'><code>{_abbreviated(option)}</code></td>"
            f"<td>{escape(option.help or option.label)}</td></tr>"
            for option in working
        )
        parts.append(
            tr("<h3>Options</h3><p>The underlined letters suffice.</p><table cellpadding='2'>{rows}</table>").format(
                rows=rows
            )
        )
    if declaration.results:
        rows = "".join(
            f"<tr><td style='padding-right:16px'><code>{escape(name)}</code></td><td>{escape(meaning)}</td></tr>"
            for name, meaning in declaration.results
        )
        parts.append(tr("<h3>Stored results</h3><table cellpadding='2'>{rows}</table>").format(rows=rows))
    numbers = "".join(
        f"<tr><td style='padding-right:16px'><b>{escape(declared(entry.title))}</b></td>"
        f"<td>{escape(entry.told(declared))}</td></tr>"
        for entry in of_command(declaration.name)
    )
    if numbers:
        about = tr("Rest the pointer on a number of a result, or press Shift+F1 at it, to have it explained.")
        parts.append(
            tr("<h3>Reading the numbers</h3><p>{about}</p><table cellpadding='2'>{numbers}</table>").format(
                about=about, numbers=numbers
            )
        )
    return "".join(parts)


def _abbreviated(option: OptionDecl) -> str:
    name = f"<u>{escape(option.name[: option.minimum])}</u>{escape(option.name[option.minimum :])}"
    return name if option.kind is OptionKind.FLAG else name + escape(option_form(option).removeprefix(option.name))


def about_text() -> str:
    """Return version and surroundings."""
    return tr("Linear mixed-effects models, by clicks and by command.\n\nVersion {VERSION}\nPython {0}, Qt {1}").format(
        platform.python_version(), qVersion(), VERSION=VERSION
    )
