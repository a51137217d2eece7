"""The state of a dialog that is made from a command's declaration."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.api import (
    Command,
    CommandDecl,
    Dataset,
    Problem,
    StataError,
    VarlistRule,
    command_from_text,
    print_command,
    print_expression,
)
from mixedgui.state.clauses import if_clause, in_clause, join, with_options
from mixedgui.state.field_checks import (
    by_problems,
    expression_problems,
    range_problems,
    varlist_problems,
    weight_problems,
)
from mixedgui.state.model_parts import ALL_TOGETHER, BY, UNWEIGHTED, ByState, WeightState
from mixedgui.state.option_checks import option_problems
from mixedgui.state.option_state import OptionState
from mixedgui.state.option_values import NO_OPTIONS, OptionValues
from mixedgui.state.translation import declared, tr


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandForm:
    """Texts as typed.

    Attributes
    ----------
    storage
        Storage type before the names of new variables; empty for the default.
    body
        The varlist, or the names of new variables.
    expression
        What stands behind ``=``.
    """

    prefix: str = ""
    by: ByState = ALL_TOGETHER
    storage: str = ""
    body: str = ""
    expression: str = ""
    if_: str = ""
    in_from: str = ""
    in_to: str = ""
    weight: WeightState = UNWEIGHTED
    using: str = ""
    options: OptionValues = NO_OPTIONS


def quoted(name: str) -> str:
    """Return a file name with quotes where it needs some."""
    return f'"{name}"' if re.search(r"[\s,:]", name) and '"' not in name else name


def _expression(command: Command) -> str:
    """Return what stands behind ``=``, or what a command that repeats another one collects."""
    if command.decl.prefix:
        return command.parts[1].body
    return print_expression(command.main.expression) if command.main.expression is not None else ""


_STORAGE = re.compile(r"byte|int|long|float|double|strL|str[0-9]*")


class CommandState(OptionState[CommandForm]):
    """What a generated dialog holds.

    Parameters
    ----------
    decl
        The command.
    form
        What the dialog opens with and returns to on reset.
    """

    def __init__(self, decl: CommandDecl, form: CommandForm | None = None) -> None:
        super().__init__(decl, form or CommandForm())
        self._missing: dict[str, str] = {}

    def note_missing(self, reasons: dict[str, str]) -> None:
        """Take note of options that the results in memory have nothing for, and why."""
        if reasons != self._missing:
            self._missing = reasons
            self.changed()

    def to_text(self) -> str:
        """Return the command put together from the texts, valid or not; an option that is off is left out."""
        form = self.form
        assigned = f"= {form.expression.strip()}" if form.expression.strip() else ""
        using = f"using {quoted(form.using.strip())}" if form.using.strip() else ""
        clauses = (if_clause(form.if_), in_clause(form.in_from, form.in_to), form.weight.to_text(), using)
        body = join(form.storage, form.body)
        options = form.options.without(self.idle_reasons())
        if self.decl.prefix:
            head = join(form.prefix, form.by.to_text(), self.decl.name, form.expression)
            return f"{with_options(head, options.texts())}: {form.body}"
        return with_options(
            join(form.prefix, form.by.to_text(), self.decl.name, body, assigned, *clauses), options.texts()
        )

    def to_command(self) -> str:
        """Return the command that Submit would run: canonical when it can be read."""
        text = self.to_text()
        try:
            return print_command(command_from_text(text))
        except StataError:
            return text

    def load_command(self, text: str) -> None:
        """Fill the dialog from a command; StataError, and nothing changed, when it is not one of this dialog's."""
        command = command_from_text(text)
        if command.decl.name != self.decl.name:
            raise StataError(198, tr("{word} is not a {name} command").format(word=command.word, name=self.decl.name))
        if self.decl.plots and len(command.parts) > 1:
            raise StataError(198, tr("the dialog shows one plot; this command draws several over each other"))
        main = command.main
        storage, body = self._split_storage(main.body)
        form = CommandForm(
            prefix=" ".join(join(p.name, p.argument) + ":" for p in command.prefixes if p.name not in BY),
            by=next((ByState.from_prefix(p) for p in command.prefixes if p.name in BY), ALL_TOGETHER),
            storage=storage,
            body=body,
            expression=_expression(command),
            if_=print_expression(main.if_) if main.if_ is not None else "",
            in_from=main.in_.first if main.in_ else "",
            in_to=main.in_.last if main.in_ else "",
            weight=WeightState.from_weight(main.weight),
            using=main.using or "",
            options=OptionValues(tuple((use.decl.name, use.argument) for use in main.options)),
        )
        self.put(form, tr("Load command"))

    def idle_reasons(self) -> dict[str, str]:
        """Return option -> why it has no effect beside the others; a command with such rules extends this."""
        return dict(self._missing)

    def disabled_reasons(self) -> dict[str, str]:
        """Return option -> why it is not available."""
        refused = {option.name: declared(option.refused) for option in self.decl.options if option.refused}
        return refused | self.idle_reasons()

    def problems(self, dataset: Dataset) -> list[Problem]:
        """Return everything that keeps the command from running on `dataset`."""
        form = self.form
        found = self._body_problems(dataset)
        if self.decl.using and self.decl.varlist is VarlistRule.NONE and not self.form.using.strip():
            found.append(Problem(100, tr("choose a file"), "using"))
        if self.decl.assign:
            if form.expression.strip():
                found += expression_problems(form.expression, dataset, "exp")
            else:
                found.append(Problem(100, tr("enter an expression"), "exp"))
        found += expression_problems(form.if_, dataset, "if")
        found += range_problems(form.in_from, form.in_to, dataset, "in")
        found += by_problems(form.by.variables, dataset)
        found += weight_problems(form.weight, dataset)
        found += option_problems(form.options, self.decl.options, dataset)
        if not found:
            try:
                command_from_text(self.to_text())
            except StataError as error:
                found.append(Problem(error.rc, error.message))
        return found

    def _body_problems(self, dataset: Dataset) -> list[Problem]:
        rule, text = self.decl.varlist, self.form.body
        if rule is VarlistRule.REQUIRED and not text.strip():
            return [Problem(100, tr("choose at least one variable"), "varlist")]
        if rule is VarlistRule.NEW and not text.strip():
            return [Problem(100, tr("name the new variable"), "varlist")]
        if rule in {VarlistRule.REQUIRED, VarlistRule.OPTIONAL} and text.strip():
            return varlist_problems(text, dataset, "varlist", factors=self.decl.factor_variables)
        if rule is VarlistRule.NEW:
            taken = [name for name in text.split() if name in dataset]
            return [
                Problem(110, tr("variable {name} already defined; choose another name").format(name=name), "varlist")
                for name in taken
            ]
        return []

    def _split_storage(self, body: str) -> tuple[str, str]:
        """Return the storage type before the names of new variables, and the names."""
        first, _, rest = body.partition(" ")
        if self.decl.varlist is VarlistRule.NEW and rest.strip() and _STORAGE.fullmatch(first):
            return first, rest.strip()
        return "", body
