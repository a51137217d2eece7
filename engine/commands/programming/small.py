"""``timer``, ``sleep``, ``more``, ``cls``, ``beep``: small commands that do-files use ([P] timer, sleep)."""

from __future__ import annotations

import time

from engine.commands.base import Context, Effects, Run, Timer
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.results.stored import Stored

TIMER = CommandDecl(
    name="timer",
    minimum=5,
    title="Time sections of code",
    help="timer on 1 and timer off 1 measure the time between, timer list shows the seconds, timer clear begins anew.",
    varlist=VarlistRule.TEXT,
    examples=("timer list",),
    results=(("r(t1), r(nt1), …", "seconds and number of times of each timer (timer list)"),),
)
SLEEP = CommandDecl(
    name="sleep",
    minimum=5,
    title="Pause",
    help="sleep # waits that many thousandths of a second; Break ends it.",
    varlist=VarlistRule.TEXT,
    examples=("sleep 10",),
)
IDLE = tuple(
    CommandDecl(name=name, minimum=len(name), title=title, help=f"{title}. Here it does nothing.")
    for name, title in (("more", "Pause until a key is pressed"), ("cls", "Clear the screen"), ("beep", "Make a sound"))
)

_STEP = 0.05
_LONGEST = 86_400_000.0


def run_timer(command: Command, context: Context) -> Effects:
    """Start, stop, list or clear timers, which the session keeps."""
    part, timers = command.main, context.timers
    word, _, rest = part.body.partition(" ")
    number = rest.strip()
    if number and (not number.isdecimal() or not 1 <= int(number[:4]) <= 100):
        raise StataError(198, "timers have the numbers 1 to 100", part.body_span)
    now = time.perf_counter()
    if word == "on" and number:
        timers.setdefault(int(number), Timer()).since = now
        return Effects()
    if word == "off" and number:
        running = timers.get(int(number))
        if running is not None and running.since is not None:
            running.seconds += now - running.since
            running.times += 1
            running.since = None
        return Effects()
    if word == "clear":
        if number:
            timers.pop(int(number), None)
        else:
            timers.clear()
        return Effects()
    if word == "list":
        chosen = {k: t for k, t in sorted(timers.items()) if t.times and (not number or k == int(number))}
        for k, one in chosen.items():
            context.say(f"{k:>4}:{one.seconds:>10.2f} / {one.times:>8} = {one.seconds / one.times:>10.4f}")
        found = {f"t{k}": one.seconds for k, one in chosen.items()}
        return Effects(r=Stored(found | {f"nt{k}": float(one.times) for k, one in chosen.items()}))
    raise StataError(198, "write timer on #, timer off #, timer list or timer clear", part.body_span)


def run_sleep(command: Command, context: Context) -> Effects:
    """Wait."""
    try:
        wanted = float(command.main.body)
    except ValueError:
        wanted = -1.0
    if not 0 <= wanted <= _LONGEST:
        raise StataError(198, "sleep takes a number of thousandths of a second", command.main.body_span)
    end = time.perf_counter() + wanted / 1000.0
    while (left := end - time.perf_counter()) > 0:
        context.cancel.check()
        time.sleep(min(left, _STEP))
    return Effects()


def run_idle(command: Command, context: Context) -> Effects:
    """Do nothing: nothing pauses here, and the log has no screen to clear."""
    return Effects()


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (TIMER, run_timer),
    (SLEEP, run_sleep),
    *((declaration, run_idle) for declaration in IDLE),
)
