"""The state of a dialog whose command is followed by one of several words (``estat icc``)."""

from __future__ import annotations

from dataclasses import replace

from engine.api import CommandDecl, Dataset, Problem, SubcommandDecl
from mixedgui.state.clauses import join
from mixedgui.state.command_state import CommandForm, CommandState
from mixedgui.state.translation import tr


class SubcommandState(CommandState):
    """Holds the word in front of the body; options of other words are off."""

    def __init__(self, decl: CommandDecl) -> None:
        super().__init__(decl, CommandForm(body=decl.subcommands[0].name))

    @property
    def chosen(self) -> SubcommandDecl:
        """The word in force."""
        word = self.form.body.partition(" ")[0]
        return next((each for each in self.decl.subcommands if each.name == word), self.decl.subcommands[0])

    @property
    def rest(self) -> str:
        """What stands behind the word."""
        return self.form.body.partition(" ")[2]

    def choose(self, word: str) -> None:
        """Choose another word; what stands behind it stays."""
        self.put(replace(self.form, body=join(word, self.rest)), tr("Choose {word}").format(word=word))

    def load_command(self, text: str) -> None:
        """Fill the dialog from a command; the word is written in full."""
        before = self.form
        super().load_command(text)
        word, _, rest = self.form.body.partition(" ")
        full = next((e.name for e in self.decl.subcommands if e.name.startswith(word) and len(word) >= e.minimum), word)
        if full != word and self.form is not before:
            self._form = replace(self.form, body=join(full, rest))
            self.changed()

    def idle_reasons(self) -> dict[str, str]:
        """Return why options of other words are off."""
        chosen = self.chosen
        own = {option.name for option in chosen.options}
        return {
            o.name: tr("{0} {1} does not take it.").format(self.decl.name, chosen.name)
            for o in self.decl.options
            if o.name not in own
        }

    def problems(self, dataset: Dataset) -> list[Problem]:
        """Return what is wrong with the options in force."""
        idle = self.idle_reasons()
        return [problem for problem in super().problems(dataset) if problem.option not in idle]
