"""Commands of Stata that this program does not have, with the reason for a refusal that says more than its name."""

from __future__ import annotations

_LANGUAGES = "this program runs no other language"
_SYSTEM = "do-files cannot reach the system"
_PACKAGES = "programs of other authors cannot be installed here"
_NOT_LINEAR = "this program fits linear models; there are mixed, regress and xtreg"
_TESTS = "regress fits the same model, and test, lincom and contrast test it"

_GROUPS: tuple[tuple[str, str], ...] = (
    (_LANGUAGES, "mata python java"),
    (_SYSTEM, "shell winexec xshell ! rmdir"),
    (_PACKAGES, "ssc net ado adoupdate update findsj"),
    (
        _NOT_LINEAR,
        "logit logistic probit ologit oprobit mlogit poisson nbreg glm gee xtgee xtlogit xtprobit xtpoisson "
        "melogit meprobit mepoisson meologit meglm menl mecloglog menbreg metobit meintreg mestreg gllamm xtmelogit "
        "xtmepoisson tobit intreg stcox streg sem gsem ivregress ivreg qreg rreg areg reghdfe nl gmm arima var",
    ),
    (_TESTS, "ttest oneway ranksum signrank kwallis median sdtest prtest ztest bitest"),
    ("its data are not part of this program; webuse gets the data sets of the manuals", "sysuse"),
    ("correlate and pwcorr are there", "spearman ktau"),
    ("misstable shows missing values; imputation is not part of this program", "mi"),
    ("svy designs are not part of this program; mixed takes weights at each level", "svy svyset svydescribe"),
    (
        "table, tabstat and estimates table are there",
        "collect etable dtable putdocx putexcel putpdf outreg2 esttab estout",
    ),
    (
        "there is one data set in memory; preserve, merge and append work with others",
        "frame frames frlink frget snapshot",
    ),
    ("files are handled outside of do-files", "erase rm mkdir copy dir ls type checksum zipfile unzipfile"),
    ("factor analysis and the like are not part of this program", "pca factor cluster mds discrim alpha"),
)
_WHY = {word: why for why, words in _GROUPS for word in words.split()}


def why_absent(word: str) -> str:
    """Return why there is no command of this name, empty for a name that Stata does not know either."""
    return _WHY.get(word, "")
