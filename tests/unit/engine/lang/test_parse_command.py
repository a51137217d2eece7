"""Commands: prefixes, clauses, options by abbreviation, errors with their place ([U] 11.1)."""

from __future__ import annotations

import pytest

from engine.errors import StataError
from engine.lang.command import InRange, Prefix
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Scope, VarlistRule
from engine.lang.expr import Binary, Name, Number
from engine.lang.parse_command import parse_command, split_prefixes
from engine.lang.printer import print_command

OPTIONS = (
    OptionDecl(name="level", minimum=1, kind=OptionKind.REAL, low=10, high=99.99),
    OptionDecl(name="detail", minimum=1),
    OptionDecl(name="noconstant", minimum=6, synonym_minimum=3, scope=Scope.FIXED),
    OptionDecl(name="noconstant", minimum=6, synonym_minimum=3, scope=Scope.RANDOM),
    OptionDecl(name="covariance", minimum=3, kind=OptionKind.TEXT, scope=Scope.RANDOM),
    OptionDecl(name="bins", minimum=3, kind=OptionKind.INTEGER, low=1),
    OptionDecl(name="generate", minimum=3, kind=OptionKind.NAME),
    OptionDecl(name="over", minimum=4, kind=OptionKind.VARIABLE),
    OptionDecl(name="at", minimum=2, kind=OptionKind.NUMBERS),
    OptionDecl(name="cformat", minimum=7, kind=OptionKind.FORMAT, high=9),
    OptionDecl(name="normal", minimum=4, kind=OptionKind.REAL, bare=True),
)
FIT = CommandDecl(
    name="fit", minimum=2, title="Fit", varlist=VarlistRule.OPTIONAL, allow_if=True, allow_in=True,
    weights=("fweight", "pweight"), equations=True, options=OPTIONS, synonyms=(("xtfit", 5),),
)  # fmt: skip
MAKE = CommandDecl(name="make", minimum=4, title="Make", varlist=VarlistRule.NEW, assign=True, allow_if=True)
SHOW = CommandDecl(name="show", minimum=4, title="Show", varlist=VarlistRule.TEXT)
WIPE = CommandDecl(name="wipe", minimum=4, title="Wipe")
LOAD = CommandDecl(name="load", minimum=4, title="Load", varlist=VarlistRule.OPTIONAL, using=True, options=OPTIONS[:2])


def find(word):
    for decl in (FIT, MAKE, SHOW, WIPE, LOAD):
        for name, least in ((decl.name, decl.minimum), *decl.synonyms):
            if name.startswith(word) and len(word) >= least:
                return decl
    return None


def read(text):
    return parse_command(text, find)


def test_a_command_is_cut_into_its_clauses():
    text = "fit y x if z > 1 in 2/l [pw=w], level(90) det"
    part = read(text).main
    assert (part.body, part.body_span) == ("y x", (4, 7))
    assert part.if_ == Binary(">", Name("z"), Number(1.0, "1"))
    assert part.in_ == InRange("2", "l")
    assert (part.weight.kind, part.weight.expression) == ("pweight", Name("w"))
    assert [(use.decl.name, use.argument) for use in part.options] == [("level", "90"), ("detail", None)]
    assert text[slice(*part.options[0].span)] == "level(90)"
    assert text[slice(*part.options[0].argument_span)] == "90"


@pytest.mark.parametrize("text", ["fit y||a:x||b:,", "fit y || a : x || b :,", "  fit  y  ||  a:x  ||b:"])
def test_bars_separate_parts_with_or_without_blanks(text):
    parts = read(text).parts
    assert [part.body.replace(" ", "") for part in parts] == ["y", "a:x", "b:"]
    assert parts[-1].options == ()


def test_brackets_and_quotes_hide_commas_bars_and_words():
    command = read("fit y || a:, cov(x, y || z if w) det || b: c")
    assert command.parts[1].option("covariance").argument == "x, y || z if w"
    assert command.parts[2].body == "b: c"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[fw=x]", "fweight"),
        ("[freq=x]", "fweight"),
        ("[pwei = x]", "pweight"),
        ("[w=x]", "fweight"),
        ("[pw=1/x]", "pweight"),
    ],
)
def test_weights_are_known_by_their_short_forms(text, kind):
    assert read(f"fit y {text} if y").main.weight.kind == kind


def test_prefixes_may_have_a_colon_or_not():
    command = read("qui: cap noi by a b (c), sort: fit y")
    assert [(p.name, p.argument) for p in command.prefixes] == [
        ("quietly", ""), ("capture", ""), ("noisily", ""), ("by", "a b (c), sort"),
    ]  # fmt: skip
    assert command.decl is FIT


def test_prefixes_can_be_split_from_a_command_that_cannot_be_read():
    assert split_prefixes("qui nonsense (") == ((Prefix("quietly"),), 4)
    assert split_prefixes("capture") == ((Prefix("capture"),), 7)


def test_an_option_of_both_kinds_of_equation_belongs_to_the_one_it_follows():
    command = read("fit y, nocons || a:, noconst")
    assert [part.options[0].decl.scope for part in command.parts] == [Scope.FIXED, Scope.RANDOM]


def test_a_synonym_may_have_shorter_options():
    assert read("xtfit y || a:, noc").parts[1].has("noconstant")
    with pytest.raises(StataError, match="option noc not allowed"):
        read("fit y || a:, noc")


def test_an_assignment_is_read_as_an_expression():
    part = read("make double z = x==1 if y").main
    assert part.body == "double z"
    assert part.expression == Binary("==", Name("x"), Number(1.0, "1"))
    assert part.if_ == Name("y")


def test_free_text_keeps_words_that_open_clauses_elsewhere():
    assert read("show a if b = [fw=2]").main.body == "a if b = [fw=2]"


@pytest.mark.parametrize("name", ["my file.dta", "pig.dta", "http://x/y.dta"])
def test_a_file_name_may_stand_in_quotes(name):
    assert read(f'load a using "{name}", det').main.using == name


@pytest.mark.parametrize(
    ("text", "rc", "typed", "words"),
    [
        ("foo y", 199, "foo", "command foo is unrecognized"),
        ("permute, reps(9): fit y", 199, "permute", "prefix permute is not available"),
        ("quietly", 198, "y", "a command is missing"),
        ("by a fit y", 198, "by", "colon"),
        ("by: fit y", 100, "by", "varlist required"),
        ("by a: fit y in 1/2", 190, "in 1/2", "may not be combined with by"),
        ("fit y, foo", 198, "foo", "option foo not allowed"),
        ("fit y, levl(90)", 198, "levl", "did you mean level?"),
        ("fit y, Detail", 198, "Detail", "did you mean detail?"),
        ("fit y, nocon", 198, "nocon", "not allowed"),
        ("fit y, cov(un) || a:", 198, "cov", "after the comma of its || equation"),
        ("fit y, level", 198, "level", "needs an argument"),
        ("fit y, level()", 198, "()", "empty"),
        ("fit y, level(a)", 198, "a", "not a number"),
        ("fit y, level( 100 )", 198, "100", "between 10 and 99.99"),
        ("fit y, bins(2.5)", 198, "2.5", "not a whole number"),
        ("fit y, bins(0)", 198, "0", "at least 1"),
        ("fit y, gen(2x)", 198, "2x", "not a name"),
        ("fit y, over(a b)", 198, "a b", "one variable"),
        ("fit y, at(1 b)", 121, "b", "numlist"),
        ("fit y, cformat(9.3)", 120, "9.3", "%9.3f"),
        ("fit y, cformat(%12.3f)", 120, "%12.3f", "wider than 9"),
        ("fit y, detail(2)", 198, "detail(2)", "takes no argument"),
        ("fit y, level(90) level(95)", 198, "level(95)", "twice"),
        ("fit y, det, det", 198, ",", "second comma"),
        ("fit y, =", 198, "=", "not expected"),
        ("fit y if", 198, "if", "an expression is missing"),
        ("fit y if || a:", 198, "if", "an expression is missing"),
        ("fit y in || a:", 198, "in", "is missing after in"),
        ("fit y in a/b || a:", 198, "in a/b", "range"),
        ("fit y if x=1", 198, "=", "=="),
        ("fit y if x if z", 198, "if z", "twice"),
        ("fit y in 1/", 198, "in 1/", "range"),
        ("fit y [aw=x]", 101, "[aw=x]", "aweights not allowed"),
        ("fit y [zw=x]", 198, "[zw=x]", "no kind of weight"),
        ("fit y [fw=]", 198, "[fw=]", "missing in the weight"),
        ("fit y using x", 101, "using", "using not allowed"),
        ("load y [fw=x]", 101, "[", "weights not allowed"),
        ("load if x", 101, "if", "if not allowed"),
        ("wipe x", 198, "x", "not expected after wipe"),
        ("make", 100, "make", "varlist required"),
        ("make z", 100, "z", "=exp required"),
        ("fit y (", 132, "(", "too few"),
        ("fit $x", 198, "$x", "macros are not available"),
        ("fit `x'", 198, "`x'", "macros are not available"),
        ("fit ${x} y", 198, "${x}", "macros are not available"),
    ],
)
def test_mistakes_are_named_and_located(text, rc, typed, words):
    with pytest.raises(StataError) as caught:
        read(text)
    assert caught.value.rc == rc
    assert words in caught.value.message
    assert text[slice(*caught.value.span)] == typed


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("qui:fit y  if x>1&z,det l(90)", "quietly: fit y if x>1 & z, detail level(90)"),
        ("fi y||a:,nocons||b:x", "fi y || a:, noconstant || b:x"),
        ("fit, l(90)", "fit, level(90)"),
        ("fit y [fw=a] in f/3", "fit y in f/3 [fweight=a]"),
        ("fit y, normal", "fit y, normal"),
        ("load a using my.dta", 'load a using "my.dta"'),
        ("make z=x+1", "make z = x + 1"),
        ("wipe", "wipe"),
    ],
)
def test_printing_is_canonical_and_reads_back(text, canonical):
    tree = read(text)
    assert print_command(tree) == canonical
    assert read(canonical) == tree
