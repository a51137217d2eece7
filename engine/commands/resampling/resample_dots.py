"""The dots of replicates while they run: a ruler, ``.`` for each that worked, ``x`` for each that did not."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.base import Context
from engine.events import Progress
from engine.lang.command import Part
from engine.tables.document import Lines
from engine.tables.resampled import DOTS, RULER


@dataclass(slots=True)
class Dots:
    """Prints a line as soon as it is full, and tells the window of each replicate."""

    context: Context
    every: int
    total: int
    label: str
    line: str = ""
    shown: int = 0

    @classmethod
    def of(cls, part: Part, context: Context, title: str, total: int) -> Dots:
        """Begin; without dots where ``nodots`` asks for none."""
        use = part.option("dots")
        every = int(use.argument) if use is not None and use.argument else 1
        dots = cls(context, 0 if part.has("nodots") else every, total, title)
        if dots.every:
            context.emit(Lines(("", title, RULER)))
        return dots

    def tell(self, number: int, *, done: bool) -> None:
        """Take note of replicate `number`."""
        self.context.sink(Progress(self.label, number + 1, self.total))
        if not self.every or (number + 1) % self.every:
            return
        self.line += "." if done else "x"
        self.shown += 1
        if self.shown % DOTS == 0:
            self.context.say(f"{self.line}{number + 1:>6}")
            self.line = ""

    def end(self) -> None:
        """Print what is left of the last line."""
        if self.line:
            self.context.say(self.line)
            self.line = ""
