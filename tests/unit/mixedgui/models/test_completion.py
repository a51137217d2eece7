"""What may stand at the cursor."""

import numpy as np
import pytest

from engine.api import Dataset, Variable
from mixedgui.models.completion import Suggestion, common_start, complete


@pytest.fixture
def pigs():
    variables = (Variable("weight", "float", "%9.0g", "Weight (kg)"), Variable("week", "float", "%9.0g"))
    return Dataset(variables=variables, columns={v.name: np.zeros(2, np.float32) for v in variables}, n_obs=2)


def words(text, dataset):
    return [suggestion.text for suggestion in complete(text, dataset).suggestions]


def test_first_word_is_a_command(pigs):
    assert "mixed" in words("mi", pigs)
    assert complete("mi", pigs).about == "Command"


def test_prefixes_are_passed_over(pigs):
    assert "mixed" in words("quietly mi", pigs)


def test_variables_follow_the_command(pigs):
    assert words("mixed we", pigs) == ["weight", "week"]
    assert complete("mixed we", pigs).suggestions[0].detail == "Weight (kg)"


def test_operator_before_a_variable_stays(pigs):
    completion = complete("mixed weight i.wee", pigs)
    assert completion.start == len("mixed weight i.")
    assert [s.text for s in completion.suggestions] == ["week"]


def test_level_is_followed_by_a_colon(pigs):
    assert words("mixed weight || ", pigs) == ["_all:", "weight:", "week:"]
    assert words("mixed weight || week: we", pigs) == ["weight", "week"]


def test_options_are_those_of_the_part(pigs):
    assert "covariance(unstructured)" in words("mixed weight || week: weight, cov", pigs)
    assert words("mixed weight, cov", pigs) == []
    assert "noconstant" in words("mixed weight, noc", pigs)


def test_refused_options_are_not_suggested(pigs):
    from engine.api import MIXED

    refused = {option.name for option in MIXED.options if option.refused}
    for name in refused:
        assert not any(word.startswith(name) for word in words("mixed weight || week:, " + name[:3], pigs))


def test_choices_stand_in_the_parentheses(pigs):
    assert "unstructured)" in words("mixed weight || week: weight, covariance(un", pigs)


def test_nothing_is_suggested_after_an_unknown_command(pigs):
    assert words("nonsense we", pigs) == []


def test_variables_stand_inside_arguments_and_before_the_colon_of_a_prefix(pigs):
    assert words("mixed weight week || id:, vce(cluster we", pigs) == ["weight", "week"]
    assert "week" in words("mixed weight week || id:, vce(cluster ", pigs)
    assert "cluster" in " ".join(words("mixed weight week || id:, vce(cl", pigs))
    assert words("mixed weight || week:, residuals(ar 1, t(we", pigs) == ["weight", "week"]
    assert words("bysort we", pigs) == ["weight", "week"]
    assert "mixed" in words("bysort week: mi", pigs)


def test_second_words_of_estat_and_their_options_are_offered(pigs):
    assert words("estat ic", pigs) == ["ic", "icc"]
    assert "method(" in words("estat df, me", pigs)
    assert "kroger" in words("estat df, method(residual kr", pigs)


def test_common_start():
    texts = [Suggestion(text, "") for text in ("covariance(exchangeable)", "covariance(independent)")]
    assert common_start(texts) == "covariance("
    assert common_start(texts[:1]) == "covariance(exchangeable)"
    assert common_start([]) == ""
