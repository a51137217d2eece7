"""What a log shows before the lines of a command: ``. ``, ``> ``, and numbers in loops and programs ([U] 16.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

FIRST = ". "
FOLLOWING = "> "


def prompts_for(lines: Sequence[str], prompts: Sequence[str] = ()) -> tuple[str, ...]:
    """Return a prompt per line: `prompts` where they are given, or those of one command on several lines."""
    return tuple(prompts) if prompts else tuple(FOLLOWING if number else FIRST for number in range(len(lines)))


def block_prompts(sizes: Sequence[int], first_number: int) -> tuple[str, ...]:
    """Return the prompts of a block whose commands have `sizes` lines; the second has `first_number` before it."""
    prompts: list[str] = []
    for place, size in enumerate(sizes):
        prompts.append(f"{place - 1 + first_number:3d}. " if place else FIRST)
        prompts += [FOLLOWING] * (size - 1)
    return tuple(prompts)


def wrapped(lines: Sequence[str], prompts: Sequence[str], width: int) -> Iterator[str]:
    """Yield the lines behind their prompts, cut at `width` columns; what was cut off goes on behind ``> ``."""
    for prompt, line in zip(prompts_for(lines, prompts), lines, strict=True):
        text = prompt + line
        while len(text) > width:
            yield text[:width]
            text = FOLLOWING + text[width:]
        yield text
