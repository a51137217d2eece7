"""Fields, strips and cards of the dialogs."""

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.api import CovarianceKind, Dataset, Problem, examine_nesting
from mixedgui.dialogs.mixed.covariance_cards import CovarianceCards, card_text
from mixedgui.dialogs.mixed.nesting_strip import NestingStrip, order_text
from mixedgui.theme import ThemeChoice, theme
from mixedgui.widgets.command_preview import CommandPreview
from mixedgui.widgets.marked_edit import MarkedEdit
from mixedgui.widgets.mnemonics import assign_mnemonics
from mixedgui.widgets.name_completer import NameCompleter
from mixedgui.widgets.problem_button import ProblemButton
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.row_number_edit import RowNumberEdit
from mixedgui.widgets.variable_edit import VariableEdit
from mixedgui.widgets.varlist_edit import VarlistEdit

DATA = Dataset.from_pandas(
    pd.DataFrame({"weight": np.arange(4.0), "week": [1, 2, 1, 2], "school_id": [1, 1, 2, 2], "name": list("abcd")})
)


@pytest.fixture
def panel(qtbot: QtBot) -> QWidget:
    theme()
    panel = QWidget()
    QVBoxLayout(panel)
    panel.resize(500, 400)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def put(panel: QWidget, widget: QWidget) -> None:
    panel.layout().addWidget(widget)
    panel.layout().activate()


class TestVariableEdit:
    def test_it_offers_numeric_variables_and_keeps_what_was_typed(self, panel) -> None:
        edit = VariableEdit(panel, numeric=True)
        edit.setText("wei")
        edit.set_variables(DATA.variables)
        assert [edit.itemText(i) for i in range(edit.count())] == ["weight", "week", "school_id"]
        assert edit.text() == "wei"

    def test_new_data_do_not_count_as_an_edit(self, panel, qtbot) -> None:
        edit = VariableEdit(panel)
        edit.setText("week")
        with qtbot.assertNotEmitted(edit.changed):
            edit.set_variables(DATA.variables)
        assert edit.currentIndex() == 1

    def test_choosing_and_typing_both_count(self, panel, qtbot) -> None:
        edit = VariableEdit(panel)
        edit.set_variables(DATA.variables)
        with qtbot.waitSignal(edit.changed):
            edit.setCurrentIndex(0)
        with qtbot.waitSignal(edit.changed):
            edit.setText("week")


class TestVarlistEdit:
    def test_names_are_completed_inside_factor_notation(self, panel, qtbot) -> None:
        edit = VarlistEdit(panel, numeric=True)
        put(panel, edit)
        edit.set_variables(DATA.variables)
        edit.setFocus()
        qtbot.keyClicks(edit, "weight i.sch")
        completer = edit.findChild(NameCompleter)
        assert completer.offered == ["school_id"]
        qtbot.keyClick(edit, Qt.Key.Key_Down)
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        assert edit.text() == "weight i.school_id"
        assert completer.offered == []

    def test_enter_does_not_take_a_name_that_was_not_chosen(self, panel, qtbot) -> None:
        edit = VarlistEdit(panel)
        put(panel, edit)
        edit.set_variables(DATA.variables)
        edit.setFocus()
        qtbot.keyClicks(edit, "we")
        assert edit.findChild(NameCompleter).offered == ["weight", "week"]
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        assert edit.text() == "we"

    def test_escape_puts_the_list_away_and_up_goes_to_its_end(self, panel, qtbot) -> None:
        edit = VarlistEdit(panel)
        put(panel, edit)
        edit.set_variables(DATA.variables)
        edit.setFocus()
        qtbot.keyClicks(edit, "we")
        qtbot.keyClick(edit, Qt.Key.Key_Escape)
        assert edit.findChild(NameCompleter).offered == []
        qtbot.keyClicks(edit, "e")
        qtbot.keyClick(edit, Qt.Key.Key_Up)
        qtbot.keyClick(edit, Qt.Key.Key_Tab)
        assert edit.text() == "week"

    def test_a_word_is_put_between_blanks(self, panel) -> None:
        edit = MarkedEdit(panel)
        edit.setText("week")
        edit.insert_word("id")
        assert edit.text() == "week id "

    def test_a_mistake_is_drawn_under_the_word(self, panel) -> None:
        edit = VarlistEdit(panel)
        put(panel, edit)
        edit.setText("week weigth")
        before = edit.grab().toImage()
        edit.mark_wrong((5, 11))
        after = edit.grab().toImage()
        red = theme().color("error")

        def near(image) -> int:
            points = ((x, y) for x in range(image.width()) for y in range(image.height()))
            colors = (image.pixelColor(x, y) for x, y in points)
            return sum(abs(c.red() - red.red()) + abs(c.green() - red.green()) < 40 for c in colors)

        assert near(after) > near(before)


def test_the_preview_colours_and_grows(panel, qtbot) -> None:
    preview = CommandPreview(panel)
    put(panel, preview)
    preview.setText("mixed weight week || id: week, covariance(unstructured)")
    QApplication.processEvents()
    one = preview.height()
    formats = preview.document().firstBlock().layout().formats()
    colors = {f.format.foreground().color().name() for f in formats}
    assert theme().color("accent").name() in colors
    assert theme().color("bar").name() in colors
    preview.setText("mixed weight week || id: week, " + "covariance(unstructured) " * 10)
    assert preview.height() > one
    assert preview.text() == preview.toPlainText()


def test_a_lone_equation_is_coloured_as_part_of_a_command(panel) -> None:
    preview = CommandPreview(panel, lead="mixed y ")
    preview.setText("|| id: week, covariance(identity)")
    formats = preview.document().firstBlock().layout().formats()
    bars = [f for f in formats if f.format.foreground().color().name() == theme().color("bar").name()]
    assert [(f.start, f.length) for f in bars] == [(0, 2)]


def test_colours_follow_the_theme(panel) -> None:
    preview = CommandPreview(panel)
    preview.setText("mixed y x || id:")
    try:
        theme().choose(ThemeChoice.DARK)
        formats = preview.document().firstBlock().layout().formats()
        assert theme().color("bar").name() in {f.format.foreground().color().name() for f in formats}
        assert theme().dark
    finally:
        theme().choose(ThemeChoice.LIGHT)


def test_a_reason_switches_off_says_why_and_can_be_focused(panel) -> None:
    box = QCheckBox("Suppress group table", panel)
    box.setAccessibleName("Suppress group table")
    box.setAccessibleDescription("Leave out the table of groups.")
    button = ReasonButton(box, panel)
    put(panel, box)
    put(panel, button)
    button.give("There are no random-effects equations.")
    assert not box.isEnabled()
    assert box.accessibleDescription() == "Not available now: There are no random-effects equations."
    assert button.isVisible()
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert "Suppress group table" in button.accessibleName()
    button.give("")
    assert box.isEnabled()
    assert box.accessibleDescription() == "Leave out the table of groups."
    assert not button.isVisible()


def test_problems_are_counted_by_kind(panel, qtbot) -> None:
    button = ProblemButton(panel)
    put(panel, button)
    assert not button.isVisible()
    error = Problem(111, "variable x not found", "indepvars")
    button.show_problems([error, Problem(0, "inside out", "nesting", None, True)])
    assert button.text() == "1 error, 1 warning"
    assert "variable x not found" in button.accessibleDescription()
    button.click()
    (first, _) = button.findChild(type(button._menu)).actions()
    with qtbot.waitSignal(button.chosen) as chosen:
        first.trigger()
    assert chosen.args == [error]
    button._menu.close()
    button.show_problems([])
    assert not button.isVisible()


def test_mnemonics_are_first_letters_of_words_as_far_as_they_go(qtbot) -> None:
    labels = [QPushButton(text) for text in ("Show table", "Show header", "Show", "how", "sow", "äöü")]
    for label in labels:
        qtbot.addWidget(label)
    assign_mnemonics(labels)
    assert [label.text() for label in labels] == ["&Show table", "Show &header", "Sh&ow", "ho&w", "sow", "äöü"]


def test_row_numbers(qtbot) -> None:
    edit = RowNumberEdit("first")
    qtbot.addWidget(edit)
    edit.setValue(12)
    assert (edit.text(), edit.value()) == ("12", 12)
    edit.setText("l")
    assert edit.value() == 0
    edit.setValue(0)
    assert edit.text() == ""


class TestCovarianceCards:
    @pytest.mark.parametrize(
        ("kind", "effects", "text"),
        [
            (CovarianceKind.INDEPENDENT, 2, "2 variances, no covariance"),
            (CovarianceKind.UNSTRUCTURED, 2, "2 variances, 1 covariance"),
            (CovarianceKind.UNSTRUCTURED, 4, "4 variances, 6 covariances"),
            (CovarianceKind.EXCHANGEABLE, 3, "1 variance, 1 covariance"),
            (CovarianceKind.IDENTITY, 3, "1 variance, no covariance"),
            (CovarianceKind.UNSTRUCTURED, 1, "1 variance"),
            (CovarianceKind.IDENTITY, 0, "nothing to estimate"),
            (CovarianceKind.INDEPENDENT, None, "a variance each, no covariance"),
        ],
    )
    def test_each_says_what_it_estimates(self, kind, effects, text) -> None:
        assert card_text(kind, effects) == text

    def test_it_reads_and_writes_like_a_list_box(self, panel, qtbot) -> None:
        cards = CovarianceCards(panel)
        put(panel, cards)
        assert cards.count() == 4
        with qtbot.waitSignal(cards.chosen) as chosen:
            cards.setCurrentText("unstructured")
        assert chosen.args == [CovarianceKind.UNSTRUCTURED]
        assert cards.currentText() == cards.currentData() == "unstructured"
        cards.setCurrentIndex(cards.findText("exch"))
        assert cards.currentText() == "exchangeable"
        assert [cards.itemText(i) for i in range(4)].index("exchangeable") == cards.currentIndex()

    def test_a_crossed_factor_switches_two_cards_off_with_a_reason(self, panel) -> None:
        cards = CovarianceCards(panel)
        cards.show_structure(CovarianceKind.IDENTITY, None, crossed=True)
        off = [card for card in cards.cards if not card.isEnabled()]
        assert {card.structure for card in off} == {CovarianceKind.INDEPENDENT, CovarianceKind.UNSTRUCTURED}
        assert all("Not available now" in card.accessibleDescription() for card in off)

    def test_arrow_keys_walk_the_cards(self, panel, qtbot) -> None:
        cards = CovarianceCards(panel)
        put(panel, cards)
        cards.show_structure(CovarianceKind.INDEPENDENT, 2, crossed=False)
        cards.cards[0].setFocus()
        qtbot.keyClick(cards.cards[0], Qt.Key.Key_Right)
        assert cards.currentText() == "unstructured"


class TestNestingStrip:
    @pytest.mark.parametrize(
        ("levels", "text"),
        [
            (("dist_id", "school_id", "teach_id"), "dist › school › teach"),
            (("region", "state"), "region › state"),
            (("a_id", "b"), "a_id › b"),
            (("_id", "b_id"), "_id › b_id"),
        ],
    )
    def test_the_order_leaves_out_a_shared_ending(self, levels, text) -> None:
        assert order_text(levels) == text

    def test_good_and_bad_news(self, panel) -> None:
        frame = pd.DataFrame({"school": np.repeat([1, 2, 3], 8), "class": np.repeat(np.arange(12), 2)})
        data = Dataset.from_pandas(frame)
        strip = NestingStrip(panel)
        put(panel, strip)
        assert strip.isHidden()
        strip.show_report(examine_nesting(data, ("school", "class")))
        assert strip.text() == "12 class within 3 school"
        assert strip.swap.isHidden()
        strip.show_report(examine_nesting(data, ("class", "school")))
        assert "inside out" in strip.text()
        assert strip.swap.text() == "Swap to school › class"
        assert strip.accessibleDescription() == strip.text()
        strip.show_report(None)
        assert strip.isHidden()
