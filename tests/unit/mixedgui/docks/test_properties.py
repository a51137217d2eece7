"""Facts about variables and data."""

import numpy as np
import pytest

from engine.api import Dataset, Variable
from mixedgui.docks.properties import data_facts, memory_text, variable_facts


@pytest.fixture
def dataset():
    variables = (Variable("x", "byte", "%9.0g", "Score"), Variable("s", "str3", "%9s"), Variable("m", "byte", "%9.0g"))
    columns = {
        "x": np.array([3, 101, -2], np.int8),  # 101 is the code of a missing byte
        "s": np.array(["a", "", "abc"], dtype=object),
        "m": np.array([101, 102, 101], np.int8),
    }
    return Dataset(variables=variables, columns=columns, n_obs=3)


def test_range_leaves_missing_values_out_and_counts_them(dataset):
    assert dict(variable_facts(dataset, dataset.variable("x")))["Range"] == "-2 to 3, 1 missing"
    assert dict(variable_facts(dataset, dataset.variable("m")))["Range"] == "no values"


def test_text_is_described_by_its_length(dataset):
    assert dict(variable_facts(dataset, dataset.variable("s")))["Range"] == "up to 3 characters, 1 empty"


def test_data_facts_say_what_is_not_there(dataset):
    facts = dict(data_facts(dataset))
    assert facts["File"] == "not saved"
    assert facts["Sorted by"] == "not sorted"
    assert facts["Observations"] == "3"


@pytest.mark.parametrize(
    ("size", "text"), [(999, "999 bytes"), (5 * 1024, "5.0 KB"), (61 * 2**20, "61 MB"), (3 * 2**30, "3.0 GB")]
)
def test_memory_is_told_in_its_unit(size, text):
    assert memory_text(size) == text
