"""The window in another language: a made-up one in which every text is a third longer and stands between ‹ and ›."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTabWidget,
    QToolButton,
    QWidget,
)

from engine.api import Session, Table, command_words, declarations
from mixedgui.dialogs import registry
from mixedgui.languages import install_language, use
from mixedgui.models.explainer import Explainer
from mixedgui.opening import available_examples
from mixedgui.state import translation
from mixedgui.widgets.elided_label import ElidedLabel
from mixedgui.widgets.example_card import ExampleCard

ROOT = Path(__file__).resolve().parents[2]

PLACES = re.compile(r"\{[^}]*\}|<[^>]*>|%n|&(?=\w)")


def load_strings():
    place = ROOT / "packaging" / "strings.py"
    sys.path.insert(0, str(place.parent))
    try:
        spec = importlib.util.spec_from_file_location("packaging_strings", place)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(place.parent))
    return module


def pseudo(text):
    """Return the text in the made-up language; places to fill, tags and mnemonics stay."""
    letters = len(PLACES.sub("", text))
    return f"‹{text}{'·' * round(0.3 * letters)}›"


class Pseudo(QTranslator):
    """Knows what the extraction has found, and nothing else."""

    def __init__(self, texts, parent):
        super().__init__(parent)
        self._known = {(text.context, text.source): pseudo(text.source) for text in texts}

    def isEmpty(self):
        return False

    def translate(self, context, source, disambiguation=None, n=-1):
        return self._known.get((context, source))


@pytest.fixture(scope="module")
def texts():
    return load_strings().all_texts()


@pytest.fixture
def spoken(qapp, texts):
    """Speak the made-up language for the time of a test."""
    translator = Pseudo(texts, qapp)
    use(qapp, translator)
    yield translator
    qapp.removeTranslator(translator)
    translation.install(lambda _context, text, _count: text)


@pytest.fixture
def foreign(spoken, new_window):
    return new_window()


def said(widget):
    """Return what a widget shows and tells, with how."""
    kinds = {"tooltip": widget.toolTip(), "accessible name": widget.accessibleName()}
    if isinstance(widget, QLabel | QAbstractButton):
        kinds["text"] = widget.text()
    if isinstance(widget, QLineEdit):
        kinds["placeholder"] = widget.placeholderText()
    if isinstance(widget, QGroupBox):
        kinds["title"] = widget.title()
    if isinstance(widget, QTabWidget):
        kinds |= {f"tab {place}": widget.tabText(place) for place in range(widget.count())}
    if isinstance(widget, QComboBox):
        kinds |= {f"entry {place}": widget.itemText(place) for place in range(widget.count())}
    if isinstance(widget, QMenu):
        kinds |= {f"action {place}": action.text() for place, action in enumerate(widget.actions())}
    return kinds


PROSE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}|^&?[A-Z][a-z]+|^[A-Z]?&[a-z]+")
"""What reads like words for people: two words, or one with a capital."""

OURS = re.compile(r"‹")
DATA = {"results_go_to", "results_find", "status_file", "command_line", "window_name"}
"""Widgets that show what the user has: commands, files, variables."""

SHOWN = (
    "mixed",
    "predict",
    "regress",
    "summarize",
    "reshape",
    "import excel",
    "margins",
    "estat",
    "graph bar",
    "center",
)


def untranslated(window):
    """Return what is shown and not in the made-up language; data, commands and their words are not to be."""
    found = []
    for widget in [window, *window.findChildren(QWidget)]:
        if widget.objectName() in DATA or isinstance(widget, QMenu) or _is_of_qt(widget):
            continue
        for kind, text in said(widget).items():
            plain = re.sub(r"<[^>]*>", "", text)
            if kind.startswith("entry") and " " not in plain:  # names of variables and words of the language
                continue
            if PROSE.search(plain) and not OURS.search(text):
                found.append((type(widget).__name__, widget.objectName(), kind, text))
    return found


def _is_of_qt(widget):
    return widget.objectName().startswith("qt_") or widget.objectName() in {"ScrollLeftButton", "ScrollRightButton"}


def cut(window):
    """Return the labels and buttons in sight that are narrower than their text."""
    return [
        (type(widget).__name__, widget.objectName(), widget.text())
        for widget in window.findChildren(QWidget)
        if isinstance(widget, QLabel | QAbstractButton)
        and widget.isVisible()
        and OURS.search(widget.text())
        and not (isinstance(widget, QLabel) and widget.wordWrap())
        and not isinstance(widget, ElidedLabel)
        and not (isinstance(widget, QToolButton) and widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly)
        and not widget.objectName().startswith("mixed_equation_covariance")
        and widget.width() < widget.sizeHint().width()
    ]


@pytest.mark.parametrize("name", SHOWN)
def test_a_dialog_speaks_the_language_on_every_page_and_cuts_nothing(foreign, qapp, name):
    foreign.session.run("use hsb")
    dialog = registry.create(name, foreign)
    dialog.show()
    for page in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(page)
        qapp.processEvents()
        assert cut(dialog) == []
    assert untranslated(dialog) == []


def test_problems_and_findings_in_a_dialog_speak_the_language(foreign, qtbot, data_file):
    foreign.session.run(f'use "{data_file("tutoring")}"')
    dialog = registry.create("mixed", foreign)
    dialog.show()
    levels = "|| student_id: || teach_id: || school_id: || dist_id:"
    dialog.load_command(f"mixed perform tutoring {levels}, reml pwscale(gk)")
    strip = dialog.model.nesting
    qtbot.waitUntil(lambda: strip.isVisible() and bool(strip.text()), timeout=20_000)
    for sentence in strip.text().splitlines():
        assert sentence.startswith("‹")
    assert "‹Each student_id lies in one teach_id" in strip.text()
    off = dialog.findChild(QWidget, "mixed_pwscale").accessibleDescription()
    assert off.count("‹") >= 2
    assert "‹four levels" in off or "‹five levels" in off
    dialog.load_command("mixed perform || student_id:, dfmethod(kroger)")
    problem = next(each for each in dialog.problems() if not each.warning)
    assert problem.message.startswith("‹dfmethod(kroger) requires option reml.")
    assert any("‹dfmethod(" in entry.message for entry in dialog.footer.problems.problems)


def test_menus_speak_the_language(foreign):
    bar = foreign.menuBar()
    assert all(OURS.search(action.text()) for action in bar.actions())
    for menu in (action.menu() for action in bar.actions() if action.text() not in {"‹&File··›"}):
        entries = [action.text() for action in menu.actions() if not action.isSeparator()]
        assert [text for text in entries if not OURS.search(text)] == []


def test_panes_speak_the_language_and_cut_nothing(foreign):
    for pane in (foreign.history, foreign.variables, foreign.models, foreign.jobs, foreign.command_line):
        assert untranslated(pane) == []
        assert cut(pane) == []


def test_explanations_of_numbers_speak_the_language(spoken):
    session = Session()
    session.run("use hsb")
    tables = []
    outcome = session.run(
        "mixed mathach ses || id: ses, cov(un)",
        sink=lambda event: tables.append(event.block) if isinstance(getattr(event, "block", None), Table) else None,
    )
    explainer = Explainer(outcome)
    assert {table.id for table in tables} >= {"fixed", "random"}
    explained = 0
    for table in tables:
        for row in range(len(table.rows)):
            for column in table.columns:
                found = explainer.cell(table, row, column.key)
                spoken_words = found.text(translation.declared) if found else ""
                assert "Formula:" not in spoken_words.replace("‹Formula:", "")
                for text in (found.title, found.what, found.formula, found.reading) if found else ():
                    explained += 1
                    assert not text or text.startswith("‹"), (table.id, column.key, text)
            told = explainer.column(table, table.columns[-1].key)
            assert not told or "‹" in told.partition(":")[2]
    assert explained > 40


def test_examples_on_the_start_page_and_in_the_menu_speak_the_language(foreign):
    cards = foreign.findChildren(ExampleCard)
    assert len(cards) > 3
    for card in cards:
        assert [each for each in untranslated(card) if "<span" not in each[3]] == []  # the command has colours
    assert all(OURS.search(example.title) and OURS.search(example.rows) for example in available_examples())


def test_commands_and_their_output_stay_as_they_are(foreign, qtbot):
    with qtbot.waitSignal(foreign.command_finished, timeout=20_000):
        foreign.run_command("use pig\nmixed weight week || id:")
    assert "Mixed-effects ML regression" in foreign.results_text()
    assert "‹" not in foreign.results_text()


def test_plural_forms_are_those_of_the_language(qapp):
    def polish(_context, text, count):
        forms = ("{n} grupa", "{n} grupy", "{n} grup")
        place = 0 if count == 1 else 1 if count % 10 in {2, 3, 4} and count % 100 not in {12, 13, 14} else 2
        return forms[place] if text == "{n} groups" else text

    assert [translation.counted(n, "{n} group", "{n} groups") for n in (1, 2, 1000)] == [
        "1 group",
        "2 groups",
        "1,000 groups",
    ]
    translation.install(polish)
    try:
        said = [translation.counted(n, "{n} group", "{n} groups") for n in (1, 3, 5)]
    finally:
        translation.install(lambda _context, text, _count: text)
    assert said == ["1 grupa", "3 grupy", "5 grup"]


def test_the_file_for_translators_keeps_what_is_translated(texts, tmp_path):
    strings = load_strings()
    path = tmp_path / "mixedgui_xx.ts"
    chosen = [text for text in texts if text.source in {"Submit", "{n} errors"}]
    assert {text.plural for text in chosen} == {False, True}
    strings.write(
        chosen, path, {("mixedgui", "Submit"): ["Los"], ("mixedgui", "{n} errors"): ["{n} Fehler", "{n} Fehler"]}
    )
    kept = strings.translations_in(path)
    assert kept["mixedgui", "Submit"] == ["Los"]
    assert kept["mixedgui", "{n} errors"] == ["{n} Fehler", "{n} Fehler"]


def test_a_translation_made_with_qts_tools_is_loaded(texts, tmp_path, qapp, monkeypatch):
    import PySide6

    release = Path(PySide6.__file__).parent / ("lrelease.exe" if sys.platform == "win32" else "lrelease")
    if not release.exists():
        pytest.skip("Qt's lrelease is not installed")
    folder = tmp_path / "i18n"
    folder.mkdir()
    source, made = tmp_path / "m.ts", folder / "mixedgui_xx.qm"
    chosen = [text for text in texts if text.source == "Submit"]
    load_strings().write(chosen, source, {(text.context, text.source): ["Los"] for text in chosen})
    subprocess.run([release, source, "-qm", made], check=True, capture_output=True)
    monkeypatch.setenv("MIXEDGUI_LANGUAGE", "xx")
    monkeypatch.setattr("mixedgui.languages.resources", lambda: tmp_path)
    try:
        assert install_language(qapp)
        assert translation.tr("Submit") == "Los"
        assert translation.tr("Cancel") == "Cancel"
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
        translation.install(lambda _context, text, _count: text)


# ---- every text is marked

SINKS = frozenset(
    {
        "setText",
        "setToolTip",
        "setWindowTitle",
        "setAccessibleName",
        "setAccessibleDescription",
        "setPlaceholderText",
        "setTitle",
        "addTab",
        "setStatusTip",
        "setWhatsThis",
        "addAction",
        "addMenu",
        "setInformativeText",
        "addButton",
        "setLabelText",
        "setSuffix",
        "setTabText",
        "setDetailedText",
        "setSpecialValueText",
        "QLabel",
        "QAction",
        "QPushButton",
        "QCheckBox",
        "QRadioButton",
        "QGroupBox",
        "describe",
        "heading",
        "TintedLabel",
        "SearchField",
        "CommandBand",
    }
)
MARKS = frozenset({"tr", "mark", "counted", "declared", "shown", "translate"})
COMMAND_LINE = frozenset({"__main__.py", "batch.py", "start.py"})
"""What is written to a terminal stays in English."""


def unmarked(tree):
    """Yield the line and text of words for people that a call shows and that no translator would see."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if not PROSE.search(re.sub(r"<[^>]*>?", "", node.value)):
            continue
        names, place = [], node
        while place in above and not isinstance(place, ast.stmt):
            inner, place = place, above[place]
            if isinstance(place, ast.Call) and inner is not place.func:
                called = place.func
                names.append(called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", ""))
            elif isinstance(place, ast.Compare | ast.Dict):
                names.append("")
        if names and names[0] in SINKS and MARKS.isdisjoint(names):
            yield node.lineno, node.value


WORDS = re.compile(r"(?<![\w(%.\-])[a-z]{4,}(?![\w(.=:_\-])")
"""Words of a sentence within a text that is put together; those of code have a sign beside them."""

_KEYS = ["mixedgui", "presets/", "quietly", "using", "equations\\[", "scale$", "the icon font", "no mark of rank"]
_CODE = "|".join([*sorted(command_words()), *_KEYS])
NO_SENTENCE = re.compile(rf"[<{{*]|;$|=|http|%|^\s*,? ?(?:{_CODE})(?!\w)|, (?:replace|clear|oim)$")
"""HTML, style sheets, commands, and keys of settings."""

NOT_SHOWN = frozenset(
    {"setObjectName", "findChild", "KeyError", "RuntimeError", "LookupError", "ValueError", "IndexError", "put_merge"}
)


MENUS = frozenset(word for decl in declarations() for word in decl.menu)
"""Headings of menus, which are declared."""


def put_together(tree):
    """Yield the line and text of sentences that are put together without a mark: f"{n} rows shown"."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.JoinedStr):
            continue
        pieces = [part.value for part in node.values if isinstance(part, ast.Constant)]
        text = "{}".join(pieces)
        if NO_SENTENCE.search(pieces[0] if pieces else "") or not any(WORDS.search(piece) for piece in pieces):
            continue
        names, place = [], node
        while place in above and not isinstance(place, ast.stmt):
            inner, place = place, above[place]
            if isinstance(place, ast.keyword) and place.arg == "merge":
                names.append("put_merge")
            if isinstance(place, ast.Call) and inner is not place.func:
                called = place.func
                names.append(called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", ""))
        if MARKS.isdisjoint(names) and NOT_SHOWN.isdisjoint(names) and "_run" not in names:
            yield node.lineno, text


LABEL = re.compile(r"[A-Z][a-z]{2,}|[A-Z]\w* \w+|&?\w+ [\w ]+|[A-Z]?[a-z]*&[a-z]+")
"""What reads like a heading or a button."""


def half_marked(tree):
    """Yield the line and text of constants that stand among marked ones and are not marked themselves."""
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(
            node.value, ast.Tuple | ast.List | ast.Dict
        ):
            continue
        inside = list(ast.walk(node.value))
        calls = [each for each in inside if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "mark"]
        marked = {each.args[0] for each in calls}
        keys = {key for each in inside if isinstance(each, ast.Dict) for key in each.keys}
        for each in inside if marked else ():
            text = each.value if isinstance(each, ast.Constant) and each not in marked | keys else None
            if isinstance(text, str) and text not in MENUS and LABEL.fullmatch(text):
                yield each.lineno, text


@pytest.mark.parametrize("find", [put_together, half_marked])
def test_no_sentence_and_no_constant_beside_marked_ones_is_left_out(find):
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / "mixedgui").rglob("*.py"))
        if path.name not in COMMAND_LINE
        for line, text in find(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_every_text_that_is_shown_is_marked_for_translation():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / "mixedgui").rglob("*.py"))
        if path.name not in COMMAND_LINE
        for line, text in unmarked(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_an_unmarked_text_would_be_found():
    assert list(unmarked(ast.parse('label.setText("Not seen")'))) == [(1, "Not seen")]
    assert list(unmarked(ast.parse('label.setText(f"Not yet {seen}")'))) == [(1, "Not yet ")]
    assert list(unmarked(ast.parse('label.setText(tr("Seen by"))'))) == []
    assert list(put_together(ast.parse('said = f"{low} to {high}, {n} missing"'))) == [(1, " to {}, {} missing")]
    assert list(put_together(ast.parse('run(f"replace {name} = {text}")'))) == []
    assert list(half_marked(ast.parse('HEADS = ("Name", mark("Value label"))'))) == [(1, "Name")]


def test_a_sentence_is_never_put_together_from_translated_pieces():
    """Neither `tr` of something that is no literal text with pieces added, nor one text after another."""
    found = []
    for path in sorted((ROOT / "mixedgui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                sides = [side for side in (node.left, node.right) if _is_tr(side)]
                if sides:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            if _is_tr(node) and node.args and isinstance(node.args[0], ast.JoinedStr):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def _is_tr(node):
    return isinstance(node, ast.Call) and (
        (isinstance(node.func, ast.Name) and node.func.id == "tr")
        or (isinstance(node.func, ast.Attribute) and node.func.attr == "tr")
    )
