"""Sentences that can be taken apart again."""

import copy
import pickle

from engine.frame.nestingwords import Indistinct, inside_out, summary
from engine.phrase import listed, phrase


def test_a_phrase_is_its_sentence_and_knows_its_parts():
    said = phrase("{name} has {n:,} groups of {size}.", name="id", n=1200, size=phrase("two"))
    assert said == "id has 1,200 groups of two."
    assert isinstance(said, str)
    assert said.pattern == "{name} has {n:,} groups of {size}."
    assert said.values["size"].pattern == "two"


def test_several_phrases_stand_with_commas_between():
    said = phrase("{facts}.", facts=(phrase("Each {a} lies in one {b}", a="pupil", b="class"), phrase("so it is")))
    assert said == "Each pupil lies in one class, so it is."
    assert listed("plain") == "plain"


def test_braces_in_a_value_are_left_alone_and_a_copy_is_the_same_phrase():
    said = phrase("{text} is wrong", text="a{0}b")
    assert said == "a{0}b is wrong"
    for copied in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert copied == said
        assert copied.pattern == said.pattern


def test_what_is_said_of_nesting_reads_as_before():
    found = inside_out([("dist", "school"), ("school", "teach")], ("dist", ""), Indistinct(("a", "b", "c"), 3, 40_000))
    assert found.evidence == "Each teach lies in one school, each school in one dist."
    assert found.consequence == (
        "In this order all three variances describe the same 40,000 groups and cannot be told apart."
    )
    assert found.action == "List dist first."
    assert inside_out([("a", "b")], ("a", "b"), Indistinct(("a", "b"), 3, 5)).action == "List a above b."
    two = inside_out([("a", "b")], ("a", "b"), Indistinct(("a", "b"), 3, 5)).consequence
    assert two == "In this order the variances of a and b describe the same 5 groups and cannot be told apart."
    assert summary([("region", 9), ("state", 48), ("town", 900)]) == "900 town within 48 state within 9 region"
    assert summary([("id", 160)]) == "160 groups of id"
