"""``save`` and ``saveold``: the data in memory to a Stata data file."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.commands.files.file_names import naming_a_file
from engine.commands.files.save_target import REPLACE, target_path
from engine.data.dataset import Dataset
from engine.data.file_kinds import kind_of
from engine.data.sources import ENDING, is_address, is_bundled
from engine.errors import Span, StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

_RELEASES = {8: 113, 9: 113, 10: 114, 11: 114, 12: 115, 13: 117, **dict.fromkeys(range(14, 20), 118)}
"""Version of Stata -> release of the file that it reads."""

NOLABEL = OptionDecl(
    name="nolabel",
    minimum=3,
    label="Leave out value labels",
    help="Write the data without their value labels.",
    page="model",
)

DECLARATION = CommandDecl(
    name="save",
    minimum=2,
    title="Save data",
    help="Writes the data in memory to a Stata data file (format 118).",
    menu=("File", "Save as..."),
    varlist=VarlistRule.TEXT,
    options=(REPLACE, NOLABEL),
    examples=("save mydata", "save mydata, replace"),
)

SAVEOLD = CommandDecl(
    name="saveold",
    minimum=7,
    title="Save data for an old release",
    help="Writes a Stata data file that an older Stata can read; what such a file cannot hold is changed and said.",
    varlist=VarlistRule.TEXT,
    options=(
        REPLACE,
        NOLABEL,
        OptionDecl(
            name="version",
            minimum=3,
            kind=OptionKind.INTEGER,
            low=8,
            high=19,
            default=12,
            label="Version of Stata",
            help="The release that has to read the file, from 8 on; 12 without this option.",
            page="model",
        ),
    ),
    examples=("saveold mydata", "saveold mydata, version(13) replace"),
)


def run(command: Command, context: Context) -> Effects:
    """Write the file; r(602) when it exists and replace was not given, r(603) when it cannot be written."""
    from engine.data.dta import write_dta
    from engine.data.dta_fields import timestamp_now

    part = command.main
    dataset = _to_save(part, context)
    typed = part.body or f'"{_own_name(dataset.path)}"'
    path, name = target_path(typed, ENDING, part.body_span, replacing=part.has("replace"), context=context)
    _refuse_other_kind(name, part.body_span)
    saved = replace(context.dataset, path=name, changed=False, timestamp=timestamp_now())
    with naming_a_file(part.body_span):
        write_dta(replace(dataset, timestamp=saved.timestamp), path)
    context.say(f"file {name} saved")
    return Effects(dataset=saved)


def run_old(command: Command, context: Context) -> Effects:
    """Write the file for an old release; the data in memory stay as they are."""
    from engine.data.dta import write_dta
    from engine.data.dta_fields import timestamp_now
    from engine.data.dta_layout import FIRST_UNICODE
    from engine.data.dta_old import for_release

    part = command.main
    version = part.option("version")
    release = _RELEASES[int(version.argument or 0) if version is not None else 12]
    dataset = _to_save(part, context)
    remarks: tuple[str, ...] = ()
    if release < FIRST_UNICODE:
        dataset, remarks = for_release(dataset, release)
    path, name = target_path(part.body, ENDING, part.body_span, replacing=part.has("replace"), context=context)
    _refuse_other_kind(name, part.body_span)
    with naming_a_file(part.body_span):
        write_dta(replace(dataset, timestamp=timestamp_now()), path, release)
    context.say(*remarks, f"(saving in .dta format {release})", f"file {name} saved")
    return Effects()


COMMANDS = ((DECLARATION, run), (SAVEOLD, run_old))


def _to_save(part: Part, context: Context) -> Dataset:
    dataset = context.dataset
    if not dataset.variables:
        raise StataError(111, "no variables defined; there is nothing to save")
    if part.has("nolabel"):
        variables = tuple(replace(variable, value_label="") for variable in dataset.variables)
        dataset = replace(dataset, variables=variables, value_labels={})
    return dataset


def _own_name(path: str) -> str:
    """Return the name of the file the data came from, where that is one to save to."""
    if not path or is_address(path) or is_bundled(path) or kind_of(path) is not None:
        raise StataError(198, "save needs a file name: these data do not come from a Stata data file of yours")
    return path


def _refuse_other_kind(name: str, span: Span | None) -> None:
    """Refuse to put a Stata data file under the ending of another kind of file."""
    kind = kind_of(name)
    if kind is not None:
        raise StataError(
            198, f"{name} has the ending of {kind.title}; save writes Stata data files, export others", span
        )
