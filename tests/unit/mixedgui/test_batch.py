"""Batch mode: the log, the JSON report and the exit status, without a window library."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments, cwd, script="", env=None):
    return subprocess.run(
        [sys.executable, "-P", "-m", "mixedgui", *arguments],
        cwd=cwd,
        input=script,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
    )


@pytest.fixture
def workplace(tmp_path):
    (tmp_path / "fit.do").write_text("* first fit\nuse hsb\nmixed mathach ses ///\n    || id:\n", encoding="utf-8")
    return tmp_path


def test_log_echoes_each_command_with_its_output_and_exit_status_is_zero(workplace):
    done = run("-b", "fit.do", cwd=workplace)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")
    assert ". use hsb" in lines
    assert re.search(r"^Mixed-effects ML regression +Number of obs += +7,185$", done.stdout, re.MULTILINE)
    assert done.stderr == ""


def test_continuation_lines_are_echoed_as_typed_and_joined_in_the_report(workplace):
    done = run("-b", "fit.do", "--json", "out.json", cwd=workplace)
    assert ". mixed mathach ses ///\n>     || id:\n" in done.stdout
    report = json.loads((workplace / "out.json").read_text(encoding="utf-8"))
    assert [entry["command"].split() for entry in report["commands"]] == [
        ["use", "hsb"],
        ["mixed", "mathach", "ses", "||", "id:"],
    ]
    assert {table["id"] for table in report["commands"][1]["tables"]} == {"groups", "fixed", "random", "lrtest"}


def test_the_log_shows_a_do_file_before_what_it_runs_and_run_shows_nothing(workplace):
    (workplace / "inner.do").write_text("count\ncount if 1\n", encoding="utf-8")
    script = "do inner\nrun inner\nquietly do inner\ncount\n"
    done = run("-b", "-", "--json", "out.json", cwd=workplace, script=script)
    shown = ". do inner\n. count\n  0\n\n. count if 1\n  0\n\n\n. run inner\n\n. quietly do inner\n\n. count\n  0\n\n"
    assert done.stdout == shown
    report = json.loads((workplace / "out.json").read_text(encoding="utf-8"))
    commands = ["count", "count if 1"]
    expected = [*commands, "do inner", *commands, "run inner", *commands, "quietly do inner", "count"]
    assert [entry["command"] for entry in report["commands"]] == expected


def test_report_is_written_when_a_command_fails_and_the_script_stops_there(workplace):
    script = "use hsb\nmixed mathach foo || id:\nclear\n"
    done = run("-b", "-", "--json", "out.json", cwd=workplace, script=script)
    assert done.returncode == 1
    assert "r(111);" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    report = json.loads((workplace / "out.json").read_text(encoding="utf-8"))
    assert [entry["rc"] for entry in report["commands"]] == [0, 111]
    assert report["commands"][1]["error"]["span"] == [14, 17]


def test_linesize_of_the_log_can_be_set(workplace):
    done = run("-b", "-", cwd=workplace, script="set linesize 120\nuse hsb\nmixed mathach || id:\n")
    assert done.returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [("-b",), ("-b", "a.do", "b.do"), ("-b", "fit.do", "--json"), ("--nonsense",), ("a.dta", "b.dta"), ("-b", "-x")],
)
def test_wrong_usage_exits_with_two_and_shows_the_usage(workplace, arguments):
    done = run(*arguments, cwd=workplace)
    assert done.returncode == 2
    assert "usage: mixedgui" in done.stderr


def test_missing_script_exits_with_two(workplace):
    done = run("-b", "nowhere.do", cwd=workplace)
    assert done.returncode == 2
    assert "nowhere.do not found" in done.stderr


def test_a_report_never_replaces_the_do_file(workplace):
    before = (workplace / "fit.do").read_text(encoding="utf-8")
    done = run("-b", "fit", "--json", "fit.do", cwd=workplace)
    assert done.returncode == 2
    assert "would replace the do-file" in done.stderr
    assert (workplace / "fit.do").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffcount // naïve\r\ndescribe\r\n".encode(),
        "\ufeffcount // naïve\r\ndescribe\r\n".encode("utf-16-le"),
        "count // naïve\ndescribe".encode("cp1252"),
    ],
)
def test_do_files_of_any_usual_encoding_run(workplace, data):
    (workplace / "other.do").write_bytes(data)
    done = run("-b", "other.do", cwd=workplace)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ". count // naïve\n  0\n" in done.stdout


def test_standard_input_of_any_usual_encoding_runs(workplace):
    done = subprocess.run(
        [sys.executable, "-P", "-m", "mixedgui", "-b", "-"],
        cwd=workplace,
        input="count // naïve".encode("cp1252"),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("ascii").splitlines() == [". count // na?ve", "  0", ""]


def test_what_is_no_text_is_refused(workplace):
    (workplace / "fit.do").write_bytes(b"\x7fELF\0\0\0")
    done = run("-b", "fit.do", cwd=workplace)
    assert done.returncode == 2
    assert "fit.do is not a do-file" in done.stderr


def test_an_interrupt_ends_the_running_command_and_still_writes_the_report(workplace):
    program = (
        "import signal, sys, threading; from mixedgui.__main__ import main; from engine.commands import registry;"
        "run = registry.runner;"
        "stop = lambda word: (signal.raise_signal(signal.SIGINT), run(word))[1] if word == 'mixed' else run(word);"
        "registry.runner = stop; sys.exit(main(['-b', 'fit.do', '--json', 'out.json']))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=workplace,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 1, done.stderr
    assert "--Break--\nr(1);" in done.stdout
    assert done.stderr == ""
    report = json.loads((workplace / "out.json").read_text(encoding="utf-8"))
    assert [entry["rc"] for entry in report["commands"]] == [0, 1]


def test_version_and_help(workplace):
    assert run("--version", cwd=workplace).stdout.startswith("mixedgui ")
    assert "usage: mixedgui" in run("--help", cwd=workplace).stdout


def test_without_a_display_the_window_says_so_instead_of_aborting(workplace):
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = run(cwd=workplace, env=hidden)
    assert done.returncode == 2
    assert "no display" in done.stderr


def test_batch_mode_loads_no_window_library(workplace):
    program = (
        "import sys; from mixedgui.__main__ import main; code = main(['-b', 'fit.do']);"
        "loaded = {'PySide6', 'pyqtgraph', 'matplotlib', 'scipy.stats', 'pandas'} & set(sys.modules);"
        "sys.exit(f'loaded: {loaded}' if loaded else code)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=workplace,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr


def test_a_stray_engine_module_in_the_working_directory_is_noticed(workplace):
    (workplace / "engine.py").write_text("x = 1\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mixedgui", "--version"],
        cwd=workplace,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 2
    assert "another module named engine" in done.stderr
