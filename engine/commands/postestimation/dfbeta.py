"""``dfbeta``: how much each observation moves each coefficient of a regression ([R] regress postestimation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

if TYPE_CHECKING:
    from engine.lang.command import Command

DECLARATION = CommandDecl(
    name="dfbeta",
    minimum=6,
    title="DFBETAs",
    help="Creates variables _dfbeta_1, _dfbeta_2 … after regress: by how many standard errors each coefficient moves "
    "without the observation; of the coefficients named, or of all.",
    menu=("Statistics", "Linear models and related", "Regression diagnostics", "DFBETAs"),
    varlist=VarlistRule.TEXT,
    text_label="Coefficients",
    after=("regress", "anova"),
    options=(
        OptionDecl(name="stub", minimum=4, kind=OptionKind.NAME, page="model", label="Stub of the names",
                   help="Beginning of the new names in place of _dfbeta_."),
    ),
    examples=("dfbeta", "dfbeta ses, stub(db_)"),
)  # fmt: skip


def run(command: Command, context: Context) -> Effects:
    """Create the variables.

    Raises
    ------
    StataError
        r(301) and r(321) without results of ``regress``, r(111) for a coefficient that there is not.
    """
    import numpy as np

    from engine.commands.postestimation.predict_mixed import with_prediction
    from engine.data.dataset import Variable
    from engine.frame.prediction import sample_mask
    from engine.frame.resolve import check_new_name
    from engine.postest.linear import RegressRows
    from engine.results.estimates import needs_estimates
    from engine.results.regress import RegressEstimates

    estimates, part = needs_estimates(context.estimates), command.main
    if not isinstance(estimates, RegressEstimates):
        raise StataError(321, f"dfbeta is not available after {estimates.command}: it needs the results of regress")
    dataset = context.dataset
    rows = np.asarray(sample_mask(dataset, estimates.result.sample_rows))
    model = RegressRows(estimates.result, dataset, rows)
    columns = [estimates.result.columns[i] for i in model.index]
    names = [column.name for column in columns if not column.is_constant]
    wanted = part.body.split() or names
    use = part.option("stub")
    stub = (use.argument or "").strip() if use is not None else "_dfbeta_"
    told, number = [], 0
    for name in wanted:
        if name not in names:
            message = f"{name} is no coefficient of the last fit; there are {', '.join(names)}"
            raise StataError(111, message, part.body_span)
        number += 1
        while f"{stub}{number}" in dataset:
            number += 1
        new = check_new_name(f"{stub}{number}", dataset)
        place = next(i for i, column in enumerate(columns) if column.name == name)
        variable = Variable(new, "float", "%9.0g", f"DFBETA {name}")
        dataset = with_prediction(dataset, variable, model.dfbeta(place), rows)
        told.append(f"{new:>14}: DFBETA {name}")
    context.say("", "Generating DFBETA variables ...", "", *told)
    return Effects(dataset=dataset)
