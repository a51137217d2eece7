"""Files that R has saved; R itself writes them, where it is installed."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.data.dates import EPOCH
from engine.data.foreign.r_files import read_r
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError

PROGRAM = """
d <- data.frame(n=c(1.5,NA,Inf), i=c(1L,NA,3L), b=c(TRUE,NA,FALSE), f=factor(c("lo","hi",NA), levels=c("lo","hi")),
  s=c("\\u00e9",NA,"z"), d=as.Date(c("1850-03-01","2020-02-29",NA)),
  t=as.POSIXct(c("1850-03-01 10:11:12","2020-02-29 01:02:03.5",NA), tz="UTC"))
attr(d$n, "label") <- "A label"
saveRDS(d, "a.rds"); saveRDS(d, "x.rds", compress="xz"); saveRDS(d, "ascii.rds", ascii=TRUE)
e <- 1:3; save(d, e, file="a.RData"); g <- d; save(d, g, file="two.RData")
tagged <- readBin(as.raw(c(0xa2,0x07,0,0,0x62,0,0xf0,0x7f)), "double", endian="little")
l <- data.frame(x=1:3); l$x <- structure(c(1,tagged,2), labels=c(one=1,lost=tagged), class=c("haven_labelled","double"))
saveRDS(l, "labelled.rds")
saveRDS(data.frame(a=1:2, row.names=c("p","q")), "rows.rds")
saveRDS(lm(dist~speed, cars), "fit.rds")
m <- data.frame(a=1:2); m$m <- matrix(1:4, 2); saveRDS(m, "matrix.rds")
saveRDS(data.frame(a=integer(0)), "empty.rds")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R, which writes these files, is not installed")
    folder = tmp_path_factory.mktemp("r")
    subprocess.run([rscript, "--vanilla", "-e", PROGRAM], cwd=folder, check=True, capture_output=True)
    return folder


def day(year: int, month: int, day_: int) -> float:
    return float((dt.date(year, month, day_) - EPOCH).days)


@pytest.mark.parametrize("name", ["a.rds", "x.rds", "ascii.rds", "a.RData"])
def test_data_frame_keeps_types_labels_and_dates(folder: Path, name: str) -> None:
    data = read_r(folder / name).dataset
    assert data.numeric("n").tolist() == [1.5, MISSING, MISSING]
    assert data.variable("n").label == "A label"
    assert data.numeric("i").tolist() == [1.0, MISSING, 3.0]
    assert data.numeric("b").tolist() == [1.0, MISSING, 0.0]
    assert (data.numeric("f").tolist(), data.labels_of("f")) == ([1.0, 2.0, MISSING], {1.0: "lo", 2.0: "hi"})
    assert data.columns["s"].tolist() == ["é", "", "z"]
    assert (data.variable("d").format, data.numeric("d").tolist()) == (
        "%td",
        [day(1850, 3, 1), day(2020, 2, 29), MISSING],
    )
    moments = [(dt.datetime(1850, 3, 1, 10, 11, 12), 0), (dt.datetime(2020, 2, 29, 1, 2, 3), 500)]
    wanted = [(moment - dt.datetime(1960, 1, 1)) / dt.timedelta(milliseconds=1) + ms for moment, ms in moments]
    assert (data.variable("t").format, data.numeric("t").tolist()) == ("%tc", [*wanted, MISSING])


def test_labelled_vectors_keep_labels_and_tagged_missing_values(folder: Path) -> None:
    data = read_r(folder / "labelled.rds").dataset
    assert data.numeric("x").tolist() == [1.0, missing_value("b"), 2.0]
    assert data.labels_of("x") == {1.0: "one", missing_value("b"): "lost"}


def test_names_of_rows_are_kept(folder: Path) -> None:
    data = read_r(folder / "rows.rds").dataset
    assert data.columns["rownames"].tolist() == ["p", "q"]


def test_data_frame_without_rows(folder: Path) -> None:
    assert read_r(folder / "empty.rds").dataset.n_obs == 0


def test_one_of_several_data_frames_has_to_be_chosen(folder: Path) -> None:
    with pytest.raises(StataError, match=r"d, g; choose one: import r, frame\(d\)"):
        read_r(folder / "two.RData")
    assert read_r(folder / "two.RData", frame="g").dataset.n_obs == 3
    with pytest.raises(StataError, match="there are d, g") as caught:
        read_r(folder / "two.RData", frame="h")
    assert caught.value.rc == 111


@pytest.mark.parametrize(("name", "words"), [("fit.rds", "no data frame"), ("matrix.rds", "column m")])
def test_what_is_no_plain_data_frame_is_refused(folder: Path, name: str, words: str) -> None:
    with pytest.raises(StataError, match=words):
        read_r(folder / name)


def test_truncated_and_foreign_files_are_refused(folder: Path, tmp_path: Path) -> None:
    content = (folder / "a.rds").read_bytes()
    for cut in (0, 1, 30, len(content) - 10):
        (tmp_path / "cut.rds").write_bytes(content[:cut])
        with pytest.raises(StataError) as caught:
            read_r(tmp_path / "cut.rds")
        assert caught.value.rc == 610
    (tmp_path / "t.rds").write_text("a,b\n1,2\n")
    with pytest.raises(StataError, match="text file"):
        read_r(tmp_path / "t.rds")
