"""The state of dialogs that are made from declarations."""

import numpy as np
import pandas as pd
import pytest

from engine.api import Dataset, StataError, command_from_text, declarations, find_command
from mixedgui.state.command_state import CommandState
from mixedgui.state.option_values import OptionValues
from mixedgui.state.predict_state import PredictState


@pytest.fixture
def data() -> Dataset:
    return Dataset.from_pandas(pd.DataFrame({"y": np.arange(8.0), "x": np.arange(8.0), "name": list("abcdefgh")}))


def state_of(word: str) -> CommandState:
    decl = find_command(word)
    assert decl is not None
    return CommandState(decl)


@pytest.mark.parametrize(
    "command", [example for decl in declarations() if decl.menu and not decl.equations for example in decl.examples]
)
def test_the_examples_of_every_declaration_survive_the_dialog(command) -> None:
    decl = command_from_text(command).decl
    state = CommandState(decl)
    state.load_command(command)
    once = state.to_command()
    again = CommandState(decl)
    again.load_command(once)
    assert again.to_command() == once
    assert command_from_text(once).decl is decl


def test_a_command_grows_from_its_fields() -> None:
    state = state_of("summarize")
    state.set(body="y x")
    state.set(if_="x > 1")
    state.set_option("detail")
    assert state.to_command() == "summarize y x if x>1, detail"
    state.clear_option("detail")
    state.undo()
    assert state.to_command() == "summarize y x if x>1, detail"


def test_the_storage_type_of_a_new_variable_is_a_field_of_its_own() -> None:
    state = state_of("generate")
    state.load_command("generate double z = ln(x)")
    assert (state.form.storage, state.form.body, state.form.expression) == ("double", "z", "ln(x)")
    assert state.to_command() == "generate double z = ln(x)"


def test_another_commands_text_is_refused() -> None:
    with pytest.raises(StataError, match="not a summarize command"):
        state_of("summarize").load_command("describe")


@pytest.mark.parametrize(
    ("word", "changes", "option", "rc"),
    [
        ("qnorm", {}, "varlist", 100),
        ("qnorm", {"body": "zz"}, "varlist", 111),
        ("summarize", {"body": "y", "if_": "q > 1"}, "if", 111),
        ("generate", {"body": "y", "expression": "1"}, "varlist", 110),
        ("generate", {"expression": "1"}, "varlist", 100),
        ("generate", {"body": "z"}, "exp", 100),
        ("list", {"in_from": "20"}, "in_from", 198),
    ],
)
def test_problems_name_the_field(data, word, changes, option, rc) -> None:
    state = state_of(word)
    state.set(**changes)
    assert (option, rc) in [(problem.option, problem.rc) for problem in state.problems(data)]


@pytest.mark.parametrize("text", ["many", "-3", ""])
def test_numbers_in_options_are_checked(data, text) -> None:
    state = state_of("list")
    state.set_option("separator", text)
    assert [problem.option for problem in state.problems(data)] == ["separator"]


def test_a_summary_of_everything_has_no_problem(data) -> None:
    assert state_of("summarize").problems(data) == []


class TestPredict:
    @pytest.fixture
    def state(self) -> PredictState:
        decl = find_command("predict")
        assert decl is not None
        return PredictState(decl)

    def test_the_statistic_is_always_written_out(self, state) -> None:
        state.set(body="u*")
        assert state.to_command() == "predict u*, reffects"
        state.clear_option("reffects")
        state.set_option("xb")
        assert state.to_command() == "predict u*, xb"

    def test_standard_errors_go_with_random_effects_only(self, state) -> None:
        state.set(body="u*")
        state.set_option("reses", "s*")
        assert state.to_command() == "predict u*, reffects reses(s*)"
        state.clear_option("reffects")
        state.set_option("residuals")
        assert state.to_command() == "predict u*, residuals"
        assert "choose BLUPs" in state.disabled_reasons()["reses"]

    def test_levels_go_with_statistics_that_use_random_effects(self, state) -> None:
        assert "relevel" not in state.disabled_reasons()
        state.clear_option("reffects")
        state.set_option("xb")
        assert "relevel" in state.disabled_reasons()

    def test_scores_are_off_after_reml_with_a_reason(self, state) -> None:
        assert "scores" not in state.disabled_reasons()
        state.note_fit(reml=True)
        assert "REML" in state.disabled_reasons()["scores"]
        state.note_fit(reml=False)
        assert "scores" not in state.disabled_reasons()


def test_option_values_keep_the_order_of_the_declaration() -> None:
    decl = find_command("list")
    assert decl is not None
    values = OptionValues().with_option(decl.options, "separator", "3").with_option(decl.options, "clean")
    assert values.texts() == ("clean", "separator(3)")
    assert values.with_option(decl.options, "separator", "7").texts() == ("clean", "separator(7)")
    assert values.without(("clean",)).texts() == ("separator(3)",)
    assert (values.has("noobs"), values.argument("separator"), bool(OptionValues())) == (False, "3", False)
