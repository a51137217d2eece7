"""The list of variables as a model."""

import numpy as np
import pytest
from PySide6.QtTest import QAbstractItemModelTester

from engine.api import Dataset, Variable
from mixedgui.models.variables import VARIABLES_MIME, VariablesModel, kind_of


@pytest.mark.parametrize(
    ("variable", "kind"),
    [
        (Variable("a", "float", "%9.0g"), "number"),
        (Variable("a", "byte", "%8.0g", value_label="yesno"), "labelled"),
        (Variable("a", "str5", "%9s"), "text"),
        (Variable("a", "strL", "%9s"), "text"),
        (Variable("a", "int", "%td"), "date"),
        (Variable("a", "double", "%-tc"), "date"),
    ],
)
def test_kinds_come_from_storage_label_and_format(variable, kind):
    assert kind_of(variable) == kind


def test_model_lists_names_and_labels_and_drags_names(qapp):
    variables = (Variable("id", "int", "%9.0g", "Pig"), Variable("week", "byte", "%9.0g"))
    model = VariablesModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_dataset(Dataset(variables=variables, columns={v.name: np.zeros(1) for v in variables}, n_obs=1))
    assert [[model.index(r, c).data() for c in range(2)] for r in range(2)] == [["id", "Pig"], ["week", ""]]
    mime = model.mimeData([model.index(1, 0), model.index(0, 1)])
    assert mime.text() == "id week"
    assert bytes(mime.data(VARIABLES_MIME).data()) == b"id week"
    del tester
