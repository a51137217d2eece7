"""Replicates of a command on samples of the data, in worker processes where that pays.

A replicate's sample and random numbers depend on the seed and its number only, so that results are the same whatever
the number of processes.
"""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from engine.commands.base import Context, Effects, Settings
from engine.commands.resampling.resamples import Resamples
from engine.errors import Break, StataError
from engine.events import CancelToken, ignore_event
from engine.lang.expr import Expr
from engine.lang.parse_command import parse_command, split_prefixes
from engine.lang.repeating import Collected

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

    import numpy as np
    import numpy.typing as npt

    from engine.data.dataset import Dataset
    from engine.lang.command import Command

    FloatArray: TypeAlias = npt.NDArray[np.float64]

Heard: TypeAlias = "Callable[[int, Replicate | None], None]"

WORTH_PROCESSES = 4.0
"""Seconds of work from which on starting processes pays."""
_WAIT = 0.05
"""Seconds between two looks at the request to stop."""
_AHEAD = 8
"""Replicates per process that are handed out ahead."""
_REFUSED_BY = "by, bysort and other prefixes go before {word}, not behind its colon"


@dataclass(frozen=True, slots=True, eq=False)
class Replicate:
    """What one run gave: names and values of what is collected, and the variance parameters as displayed."""

    names: tuple[str, ...]
    values: FloatArray
    shown: FloatArray
    n_obs: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Job:
    """All that a replicate needs, also in another process.

    Attributes
    ----------
    dataset, resamples
        The data, and how the sample of a replicate is taken from them.
    text
        The command that is repeated.
    collected
        What is collected of each run.
    reject
        Condition under which a replicate is left out.
    """

    dataset: Dataset
    resamples: Resamples
    text: str
    collected: tuple[Collected, ...]
    settings: Settings
    constraints: dict[int, str] = field(default_factory=dict)
    scalars: dict[str, float | str] = field(default_factory=dict)
    reject: Expr | None = None

    def run(self, number: int, cancel: CancelToken) -> Replicate | None:
        """Run replicate `number`; None where it could not be computed."""
        rng = self.resamples.generator(number)
        dataset = self.resamples.sample(self.dataset, number, rng)
        context = Context(
            dataset=dataset,
            settings=self.settings,
            constraints=self.constraints,
            scalars=self.scalars,
            rng=rng,
            cancel=cancel,
            sink=ignore_event,
        )
        try:
            command, effects = repeated(self.text, context, keep_if=False)
            found = collect(self.collected, effects, context, command)
            if self.reject is not None and is_true(self.reject, effects, context):
                return None
        except Break:
            raise
        except StataError:
            return None
        converged = (effects.e.scalars.get("converged", 1.0) if effects.e is not None else 1.0) != 0.0
        return found if converged else None


def read_repeated(text: str, word: str) -> Command:
    """Read the command behind the colon; flags before it (``quietly``) are of no consequence, ``by`` is refused."""
    from engine.commands import registry

    prefixes, _ = split_prefixes(text)
    command = parse_command(text, registry.find, registry.names(), expanded=True)
    if command.decl.prefix or any(prefix.name in ("by", "bysort") for prefix in prefixes):
        raise StataError(199, _REFUSED_BY.format(word=word), (0, len(text)))
    return command


def repeated(text: str, context: Context, *, keep_if: bool = True) -> tuple[Command, Effects]:
    """Run a command silently on the data of `context`; without ``if`` and ``in`` unless `keep_if`."""
    from engine.commands import registry
    from engine.commands.programming.version_ import read_version

    command = read_repeated(text, "the prefix")
    if not keep_if:
        command = replace(command, parts=tuple(replace(part, if_=None, in_=None) for part in command.parts))
    _, start = split_prefixes(text)
    settings = context.settings
    asked = next((prefix for prefix in command.prefixes if prefix.name == "version"), None)
    if asked is not None:
        settings = replace(settings, version=read_version(asked.argument, asked.span))
    own = replace(context, sink=ignore_event, blocks=[], cmdline=text[start:].strip(), settings=settings, spaced=False)
    return command, registry.runner(command.decl.name)(command, own)


def is_true(tree: Expr, effects: Effects, context: Context) -> bool:
    """Tell whether an expression of what a run left is true."""
    from engine.data.dataset import Dataset
    from engine.frame.evaluate import evaluate_scalar

    value = evaluate_scalar(tree, Dataset(), lookup=_after(effects, context).lookup)
    if isinstance(value, str):
        raise StataError(109, "type mismatch: reject() needs a number", tree.span)
    return value != 0.0


def _after(effects: Effects, context: Context) -> Context:
    """Return the context as it is after a run: its estimates, r() and e()."""
    from engine.results.stored import Stored

    return replace(
        context,
        estimates=effects.estimates or context.estimates,
        r=effects.r or Stored(),
        e=effects.e or context.e,
    )


def collect(collected: tuple[Collected, ...], effects: Effects, context: Context, command: Command) -> Replicate:
    """Return what a run gave; r(100) where it has no coefficients and these are asked for."""
    import numpy as np

    from engine.data.dataset import Dataset
    from engine.data.missing import is_missing
    from engine.frame.evaluate import evaluate_scalar
    from engine.results.mixed import MixedResult

    seen = _after(effects, context)
    names: list[str] = []
    values: list[float] = []
    for each in collected:
        if each.tree is None:
            own, numbers = _coefficients(effects, each.name, command)
            names += [f"{each.name}[{name}]" for name in own]
            values += numbers
            continue
        value = evaluate_scalar(each.tree, Dataset(), lookup=seen.lookup)
        if isinstance(value, str):
            raise StataError(109, f"type mismatch: {each.text} is text", each.tree.span)
        names.append(each.name)
        values.append(float("nan") if is_missing(np.array(value)) else float(value))
    result = effects.estimates.result if effects.estimates is not None else None
    shown = np.zeros(0)
    if isinstance(result, MixedResult):
        shown = np.array([(p.estimate, p.sd_estimate) for p in result.parameters]).ravel()
    n_obs = float(result.n_obs) if result is not None else float(seen.r.scalars.get("N", context.dataset.n_obs))
    return Replicate(tuple(names), np.array(values), shown, n_obs)


def _coefficients(effects: Effects, which: str, command: Command) -> tuple[list[str], list[float]]:
    """Return e(b), or the standard errors of its elements, with their names."""
    import numpy as np

    matrices = effects.e.matrices if effects.e is not None else {}
    if "b" not in matrices or "V" not in matrices:
        message = f"{command.decl.name} leaves no coefficients; name what is to be collected, as in r(mean)"
        raise StataError(100, f"expression list required: {message}")
    b = matrices["b"]
    numbers = b.values[0] if which == "_b" else np.sqrt(np.diag(matrices["V"].values))
    return list(b.cols), [float(number) for number in numbers]


def run_all(job: Job, n: int, *, processes: int, cancel: CancelToken, heard: Heard) -> tuple[Replicate | None, ...]:
    """Return replicates 0 … n-1; `heard` is told of each in order.

    With `processes` of 1, or where processes cannot be started, they run one after the other in this one. Break ends
    the processes at once.
    """
    found: dict[int, Replicate | None] = {}
    if processes > 1:
        try:
            for number, replicate in _in_processes(job, n, processes, cancel):
                found[number] = replicate
                _tell(found, number, heard)
        except (OSError, RuntimeError, pickle.PicklingError, AttributeError, TypeError):
            pass  # no processes here: what is missing is computed below, with the same numbers
    for number in range(n):
        if number not in found:
            cancel.check()
            found[number] = job.run(number, cancel)
            _tell(found, number, heard)
    return tuple(found[number] for number in range(n))


def _tell(found: dict[int, Replicate | None], number: int, heard: Heard) -> None:
    """Tell of a replicate, and of those behind it that waited for it."""
    if all(k in found for k in range(number)):
        while number in found:
            heard(number, found[number])
            number += 1


def _in_processes(job: Job, n: int, processes: int, cancel: CancelToken) -> Iterator[tuple[int, Replicate | None]]:
    """Yield replicates as they end."""
    import multiprocessing
    from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait

    packed = pickle.dumps(job)
    pool = ProcessPoolExecutor(
        max_workers=min(processes, n),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(packed,),
    )
    done = False
    try:
        waiting: dict[Future[Replicate | None], int] = {}
        begun = 0
        while waiting or begun < n:
            while begun < n and len(waiting) < _AHEAD * processes:  # a request to stop is not kept waiting
                waiting[pool.submit(_replicate, begun)] = begun
                begun += 1
            ready, _ = wait(waiting, timeout=_WAIT, return_when=FIRST_COMPLETED)
            cancel.check()
            for future in ready:
                yield waiting.pop(future), future.result()
        done = True
    finally:
        _end(pool, kill=not done)


def _end(pool: ProcessPoolExecutor, *, kill: bool) -> None:
    """Let the processes go; `kill` ends those that still work."""
    workers = list((pool._processes or {}).values()) if kill else []
    pool.shutdown(wait=not kill, cancel_futures=True)
    for worker in workers:
        with contextlib.suppress(OSError, ValueError):
            worker.terminate()


_job: Job | None = None


def _begin(packed: bytes) -> None:
    """Receive the job, in a worker process."""
    global _job  # noqa: PLW0603  # the one thing that a worker process keeps
    _job = pickle.loads(packed)


def _replicate(number: int) -> Replicate | None:
    """Run one replicate, in a worker process."""
    assert _job is not None
    return _job.run(number, CancelToken())
