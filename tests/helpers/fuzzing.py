"""Random and mutated command lines, the same ones for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from engine.api import CommandDecl, OptionDecl, OptionKind, VarlistRule, declarations

KEPT_OUT = frozenset({
    "webuse", "cd", "erase", "do", "run", "log", "cmdlog", "save", "export delimited", "export excel", "exit", "shell",
    "doedit", "graph export", "graph save", "saveold",
})  # fmt: skip
"""Commands that reach the network, leave the folder of the test, or end the session."""

SEEDS = """
describe
bysort g: egen devy=sd(y)
egen tagged=tag(g)
pwcorr y x t, sig obs star(.05)
reg y x t, robust
regress y i.g##c.x, vce(cluster g)
xtset g t
generate l = L.x + F2.x - D.y
summarize L(0/2).x, detail
mixed y x || g:, nolog
mixed y c.x##i.k || g: x, covariance(unstructured) reml
mixed y x || g:, residuals(ar 1, t(t))
predict fit, fitted
predict u*, reffects
estat icc
estat ic
lincom x - 2*t
test x = t
histogram x if tagged==1
ladder x if tagged==1
local a = 2*3
global name=r(mean)
display "`a' $name" %9.2f _b[x]
foreach v of varlist x y {\\n summarize `v'\\n}
forvalues i = 1/3 {\\n generate z`i' = x^`i'\\n}
while `a' < 9 {\\n local ++a\\n}
if _N > 5 & x[1] < . {\\n count\\n}
capture noisily drop nothing
quietly replace x = x[_n-1] if missing(x)
recode k (1=2) (2/3=4) (else=.), generate(kk)
label define kl 1 "one" 2 "two", replace
label values k kl
tabulate k g, row column chi2 missing
table k g, statistic(mean x) statistic(sd y) nformat(%9.2f)
collapse (mean) mx=x (p50) y (count) n=x [fw=k], by(g)
reshape wide x y, i(g) j(t)
reshape long x, i(g) j(t)
merge m:1 g using u, keep(match) nogenerate
append using u, generate(src)
duplicates report g t
by g (t), sort: generate first = x[1]
egen c = concat(s k), punct("-")
center x y, by(g)
contract g k, zero
codebook, compact
list x y in 1/5, sepby(g)
matrix list e(b)
return list
scalar q = ln(10)
version 11: xtmixed y x || g:
encode s, generate(sn)
xi: regress y i.g
gsort -x g
order t g
matrix A = (1,2\\3,4)
matrix B = A*inv(A)' + J(2,2,x[1]) - I(2)
matrix C = A[1,1..2] \\ nullmat(N)
matrix list A
matrix rownames A = a b
display A[1,2] el(A,1,1) rowsof(e(V)) r(table)[1,"x"]
mkmat x y in 1/4, matrix(X)
svmat A, names(col)
gettoken a b : c, parse(",")
tokenize "a b c"
program define p, rclass\\n args q\\n return scalar z = `q'\\nend\\np 3
xtile q = x, nq(4)
tabulate k g, summarize(x) chi2 exact
tabstat x y, by(k) statistics(mean sd n p50) columns(statistics)
display "a" _continue _col(10) "{hline 5}" in red "b"
local l : word 2 of `a'
local f : label (k) 1
numlist "1/3 5"
"""

WORDS = """
x y t g k s if in by( ) ( = == , 1 2 3.5 -7 1e3 .a . " ' `" "' ` $ # ## i. c. L. D2. || : [ ] [fw=k] [aw=x] { }
\\n all _all _n _N _b[x] e(b) r(mean) c(N) using u clear detail nolog robust level(90) generate(q) by(g) replace
missing(x) runiform() + - * / ^ ! ~ & | < >= != ~= ; // /* */ /// * %9.2f %td 2/3 f/l 1/l * ? x-t x* ?? é 日 \\t
' "
"""

EXPRESSIONS = """
x>0 | x+y/2 | !missing(x) | mod(_n,2)==0 | g<=5 & k!=2 | x[_n-1] | L.x | s=="a" | _b[x]*x | r(mean) |
ln(x) | cond(k==1,x,y) | 1 | . | sum(x) | strpos(s,"b") | string(g) | runiform() | x^-2 | -x^2 |
inlist(k,1,2) | _N | _pi | 1/0 | real(s) | group(g) | mean(x) | max(x,y)
"""
LISTS = """
x | y | x y | g | s | k t | x-k | * | ?? | i.k | c.x##i.k | L.x | L(0/2).y | g k | t | nothing | _all | x x |
s k | yy | x*
"""


def lines(seed: int, count: int) -> Iterator[str]:
    """Yield `count` lines: mutations of sensible ones, sentences by the declarations, random words and characters."""
    rng = random.Random(seed)
    corpus = [line.replace("\\n", "\n") for line in SEEDS.strip().split("\n")]
    known = [d for d in declarations() if d.name not in KEPT_OUT]
    corpus += [example for d in known for example in d.examples if "http" not in example]
    words = [word.replace("\\n", "\n").replace("\\t", "\t") for word in WORDS.split()]
    options = [option.name for d in known for option in d.options]
    for _ in range(count):
        kind = rng.random()
        if kind < 0.4:
            yield _mutated(rng, rng.choice(corpus), words + options, corpus)
        elif kind < 0.85:
            line = _sentence(rng, rng.choice(known))
            yield line if rng.random() < 0.7 else _mutated(rng, line, words + options, corpus)
        elif kind < 0.95:
            picked = [rng.choice(words if rng.random() < 0.8 else options) for _ in range(rng.randrange(9))]
            yield " ".join([rng.choice(known).name, *picked])
        else:
            characters = (chr(rng.choice((rng.randrange(32, 127), rng.randrange(1, 0x250)))) for _ in range(30))
            yield "".join(list(characters)[: rng.randrange(30)])


def _sentence(rng: random.Random, decl: CommandDecl) -> str:
    """Return a command with the parts that it may have, each now and then, and with arguments of the right kind."""
    expressions, lists = ([one.strip() for one in text.split(" |")] for text in (EXPRESSIONS, LISTS))
    pieces = [rng.choice(("", "", "", "", "quietly", "capture", "bysort g:", "by g:", "noisily")), decl.name]
    bodies = list(lists)
    if decl.varlist is VarlistRule.TEXT or decl.examples:
        bodies += [example.partition(" ")[2].partition(",")[0] for example in decl.examples] * 3
    if decl.varlist is not VarlistRule.NONE or rng.random() < 0.05:
        pieces.append(rng.choice(bodies))
    if decl.varlist is VarlistRule.NEW:
        pieces[-1] = rng.choice(("new", "byte new", "str5 new", "x", "double new2", "1x"))
    if decl.assign and rng.random() < 0.9:
        pieces.append("= " + rng.choice(expressions).strip())
    if decl.equations and rng.random() < 0.8:
        pieces.append("|| " + rng.choice(("g:", "g: x", "_all: R.k", "k: || g:", "g:,", "g: i.k, cov(un)")))
    if decl.using and rng.random() < 0.5:
        pieces.append(rng.choice(("using u", "using nothing", 'using "u.dta"')))
    if rng.random() < (0.3 if decl.allow_if else 0.03):
        pieces.append("if " + rng.choice(expressions).strip())
    if rng.random() < (0.15 if decl.allow_in else 0.02):
        pieces.append("in " + rng.choice(("1/20", "f/5", "-3/l", "7", "50/99", "9/2")))
    if rng.random() < (0.2 if decl.weights else 0.02):
        pieces.append(rng.choice(("[fw=k]", "[aw=x^2]", "[pw=k]", "[iw=x]", "[fw=x]")))
    chosen = rng.sample(decl.options, min(len(decl.options), rng.choice((0, 0, 1, 1, 2, 3, 4))))
    if chosen:
        pieces.append("," + " ".join(_option(rng, option, expressions, lists) for option in chosen))
    return " ".join(piece for piece in pieces if piece)


def _option(rng: random.Random, option: OptionDecl, expressions: list[str], lists: list[str]) -> str:
    """Return an option with an argument, usually of its kind."""
    numbers = ["1", "0", "3", "-1", "2.5", "95", "1e9", "", "."]
    arguments = {
        OptionKind.INTEGER: numbers,
        OptionKind.REAL: numbers,
        OptionKind.NAME: ["new", "x", "1x", "q_"],
        OptionKind.CHOICE: [choice.word for choice in option.choices] or ["a"],
        OptionKind.VARIABLE: lists,
        OptionKind.VARIABLES: lists,
        OptionKind.NEW_VARIABLES: ["new", "new*", "a b", "x"],
        OptionKind.NUMBERS: ["1 2 3", "1/3", "0(2)8", "3 1", "a", "1 . 2"],
        OptionKind.EXPRESSION: expressions,
        OptionKind.FORMAT: ["%9.2f", "%td", "%s", "9.2"],
        OptionKind.STRING: ['"text"', "text", '""'],
        OptionKind.TEXT: ["mean x", '"a b"', "x", "1 2", "robust", "x, y(2)", "group(g)", ""],
    }
    word = option.name if rng.random() < 0.7 else option.name[: option.minimum]
    if option.kind is OptionKind.FLAG:
        return word if rng.random() < 0.97 else f"{word}(1)"
    own = arguments[option.kind] if rng.random() < 0.85 else rng.choice(list(arguments.values()))
    return f"{word}({rng.choice(own).strip()})" if rng.random() < 0.97 else word


def runs_free(line: str) -> bool:
    """Tell whether a line may be run in a test: it names no command that is kept out, and nothing far too large."""
    words = set(re.findall(r"[A-Za-z_]+", line.lower()))
    kept_out = {"webuse", "web", "http", "https", "cd", "erase", "do", "run", "shell", "exit"}
    reach = {"log", "cmdlog", "save", "sa", "sav", "export"}
    return not words & (kept_out | reach) and re.search(r"\d{6}|[eE]\+?\d{2}", line) is None


def _mutated(rng: random.Random, line: str, words: list[str], corpus: list[str]) -> str:
    """Return a line with one to four changes of its words or characters."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        pieces = re.findall(r"\s+|\w+|[^\w\s]", line)
        if not pieces:
            return rng.choice(words)
        at = rng.randrange(len(pieces)) if rng.random() < 0.1 else rng.randrange(min(1, len(pieces) - 1), len(pieces))
        change = rng.randrange(8)
        if change == 0:
            del pieces[at]
        elif change == 1:
            pieces.insert(at + 1, f" {rng.choice(words)} ")
        elif change == 2:
            pieces[at] = rng.choice(words)
        elif change == 3:
            other = rng.randrange(len(pieces))
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif change == 4:
            pieces.insert(at, pieces[at] * rng.randrange(2, 4))
        elif change == 5:
            pieces = pieces[:at]
        elif change == 6:
            pieces += [" ", *re.findall(r"\s+|\w+|[^\w\s]", rng.choice(corpus))[rng.randrange(3) :]]
        else:
            piece = pieces[at]
            place = rng.randrange(len(piece) + 1)
            pieces[at] = piece[:place] + chr(rng.choice((rng.randrange(32, 127), 0x60, 0x27, 0x22))) + piece[place:]
        line = "".join(pieces)
    return line[:300]
