"""What a command leaves behind: changes of the session that only the session makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from engine.tables.document import Block, Lines

if TYPE_CHECKING:
    from pathlib import Path

    from engine.data.dataset import Dataset
    from engine.data.matrix import Matrix
    from engine.data.steps import DataSteps
    from engine.graphs.graphspec import GraphSpec
    from engine.lang.blocks import Node
    from engine.results.estimates import Estimates
    from engine.results.stored import DataTable, Stored
    from engine.results.verdict import Verdict

NEWEST_VERSION = 19.0
"""The release of Stata that this program follows."""


class Flow(Enum):
    """Where execution goes on after a command."""

    NEXT = "next"
    EXIT = "exit"
    CONTINUE = "continue"
    BREAK = "break"


class LogChange(Enum):
    """What ``log`` does with the log file."""

    OPEN = "open"
    APPEND = "append"
    OFF = "off"
    ON = "on"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class LogRequest:
    """A change of the log file; a new one begins with the lines `header`.

    With `commands` it is the other log, of what was typed alone (``cmdlog``).
    """

    change: LogChange
    path: Path | None = None
    header: tuple[str, ...] = ()
    commands: bool = False


class Preserving(Enum):
    """What happens to the copy of the data that ``preserve`` keeps."""

    NOTHING = "nothing"
    KEEP = "keep"
    FORGET = "forget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What ``set`` changes; `level` is the confidence level in percent."""

    linesize: int = 80
    level: float = 95.0
    version: float = NEWEST_VERSION
    """The release of Stata whose behaviour is asked for (``version``)."""
    storage: str = "float"
    """Storage type of new variables without one of their own (``set type``)."""
    varabbrev: bool = True
    """Whether names of variables may be abbreviated (``set varabbrev``)."""
    formats: tuple[str, str, str] = ("", "", "")
    """Formats of coefficients, p-values and statistics in tables of estimates (``set cformat pformat sformat``)."""
    scheme: str = ""
    """Look of graphs that name none (``set scheme``), empty for the standard one."""
    decimal_comma: bool = False
    """Whether printed and drawn numbers have a decimal comma (``set dp comma``)."""


@dataclass(frozen=True, slots=True)
class Program:
    """Commands under a name (``program define``), `returning` those that set r() themselves (``rclass``)."""

    name: str
    body: tuple[Node, ...]
    lines: tuple[str, ...]
    returning: bool = False


@dataclass(slots=True)
class Timer:
    """A timer: its seconds so far, how often it ran, and since when it runs."""

    seconds: float = 0.0
    times: int = 0
    since: float | None = None


@dataclass(slots=True)
class OpenLine:
    """Text shown on a line that the next output goes on with (``display … _continue``)."""

    text: str = ""

    def take(self) -> str:
        """Return the text; the line then begins anew."""
        text, self.text = self.text, ""
        return text

    def before(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """Return the blocks with the open line before them, in the first line of text where there is one."""
        text = self.take()
        first = blocks[0] if blocks else None
        if isinstance(first, Lines) and first.lines:
            return (replace(first, lines=(text + first.lines[0], *first.lines[1:])), *blocks[1:])
        return (Lines((text,)), *blocks)


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """Something the window is to open.

    Attributes
    ----------
    what
        ``dialog``, ``doedit``, ``postest`` or another word that the window knows.
    argument
        Which dialog or file.
    """

    what: str
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a command changes; only the session applies it. None leaves a thing as it was."""

    dataset: Dataset | None = None
    clear_estimates: bool = False
    estimates: Estimates | None = None
    stored: Mapping[str, Estimates] | None = None
    """All estimates under a name (``estimates store``)."""
    graph: GraphSpec | None = None
    graphs: Mapping[str, GraphSpec | None] = field(default_factory=dict)
    """Graphs kept under names, or dropped where there is None."""
    tables: tuple[DataTable, ...] = ()
    r: Stored | None = None
    e: Stored | None = None
    settings: Settings | None = None
    constraints: Mapping[int, str] | None = None
    locals: Mapping[str, str | None] = field(default_factory=dict)
    """Local macros that are set, or dropped where the text is None."""
    globals: Mapping[str, str | None] = field(default_factory=dict)
    temporary: tuple[str, ...] = ()
    """Names of variables and paths of files that go when the do-file ends (``tempvar``, ``tempfile``)."""
    scalars: Mapping[str, float | str | None] = field(default_factory=dict)
    """Scalars that are set, or dropped where the value is None."""
    matrices: Mapping[str, Matrix | None] = field(default_factory=dict)
    """Matrices that are set, or dropped where there is None."""
    programs: Mapping[str, Program | None] = field(default_factory=dict)
    """Programs that are defined, or dropped where there is None."""
    returning: Stored | None = None
    """What the program that runs has returned so far."""
    preserving: Preserving = Preserving.NOTHING
    log: LogRequest | None = None
    seed: int | None = None
    """Starts the random numbers anew."""
    verdict: Verdict | None = None
    """Whether the estimates that the command made can be trusted."""
    steps: DataSteps | None = None
    """The way back and forth, where the command went along it (``undo``, ``redo``)."""
    flow: Flow = Flow.NEXT
    """What comes next: ``exit``, ``continue`` and ``continue, break`` leave a do-file, a turn, a loop."""
    opens: WindowRequest | None = None
    """What the window opens; a command asks for it only where `Context.has_window`."""
