"""The grammar: what it makes, what it recognises, and what is held out."""

import random
import re

import pytest

from attention import TextError, Vocabulary, recognise
from attention.train.english import BEHAVIOURS, DEMO_PAIRS, held_out, sample
from attention.train.patterns import PATTERNS

EXAMPLES = [re.split(r"[.?:]", pattern.__doc__)[0] for pattern in PATTERNS if ". It" not in pattern.__doc__]


def sentences(n, split="train", seed=5):
    rng = random.Random(seed)
    return [sample(rng, split) for _ in range(n)]


def linked(text, job, query):
    """The word that the grammar links to a word of a sentence, by a job."""
    words = text.split()
    sentence = recognise(words).sentence
    return ("<s>", *words)[sentence.links[job][words.index(query) + 1][0]]


def test_what_is_drawn_is_recognised_with_the_same_links():
    for sentence in sentences(400) + sentences(100, "test"):
        found = recognise(sentence.words)
        assert found.inside, sentence.text
        assert found.sentence.links == sentence.links, sentence.text
        assert found.sentence.behaviours == sentence.behaviours


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_beside_each_pattern_is_a_sentence_of_the_grammar(example):
    assert recognise(example.split()).inside


def test_every_word_that_is_drawn_is_known():
    vocabulary = Vocabulary()
    drawn = {word for sentence in sentences(2000) for word in sentence.words}
    assert drawn <= set(vocabulary.words)
    assert len(drawn) > 400


def test_no_noun_comes_twice_so_that_a_word_names_one_place():
    for sentence in sentences(500):
        nouns = [Vocabulary().kind(word) for word in sentence.words]
        named = [
            word
            for word, kind in zip(sentence.words, nouns, strict=True)
            if kind and kind not in ("<did>", "<feeling>", "<quality>")
        ]
        assert len(named) == len(set(named)), sentence.text


def test_verbs_agree_with_their_subjects_and_objects_are_no_subjects():
    text = "\n".join(sentence.text for sentence in sentences(3000))
    assert not re.search(r"\b(they|we|you) (is|was|does)\b", text)
    assert not re.search(r"\b(it|he|she) (are|were|do)\b", text)
    assert not re.search(r"\b(ate|wanted|finished|stole|liked|tasted|on) (they|he|she)\b", text)
    assert not re.search(r"\b(a [aeiou]|an [^aeiou])", text)


@pytest.mark.parametrize(
    ("text", "job", "query", "right"),
    [
        ("the cat sat on the mat because it was tired", "pronoun", "it", "cat"),
        ("the cat sat on the mat because it was soft", "pronoun", "it", "mat"),
        ("the cat sat on the mat because it was soft", "adjective", "soft", "mat"),
        ("the dogs in the park are playing", "subject", "are", "dogs"),
        ("the book that i bought yesterday was interesting", "subject", "was", "book"),
        ("the book that i bought yesterday was interesting", "subject", "bought", "i"),
        ("the bed was soft so the dogs slept on it", "pronoun", "it", "bed"),
        ("there are red toys under the bed", "adjective", "red", "toys"),
        ("there are red toys under the bed", "subject", "are", "toys"),
        ("the cat sat on the mat", "previous", "mat", "the"),
    ],
)
def test_links_are_those_of_english(text, job, query, right):
    assert linked(text, job, query) == right


def test_a_pronoun_that_could_stand_for_either_noun_is_outside_unless_something_decides():
    assert not recognise(["the", "dog", "chased", "the", "cat", "because", "it", "was", "tired"]).inside
    assert recognise(["the", "dog", "chased", "the", "cats", "because", "it", "was", "tired"]).inside


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("cat the sat", "it fits no pattern from 'the' on"),
        ("the cat sat on", "it breaks off"),
        ("the dogs in the park is playing", "it fits no pattern from 'is' on"),
        ("the cat sat on the mat because they was tired", "it fits no pattern from 'they' on"),
        ("", "there are no words"),
    ],
)
def test_what_is_outside_is_told_with_where_it_leaves_the_grammar(text, why):
    found = recognise(text.split())
    assert (found.inside, found.unknown, found.why, found.sentence) == (False, (), why, None)


def test_unknown_words_are_told_and_their_kinds_bring_the_sentence_inside():
    found = recognise(["The", "zebra", "gnawed", "on", "the", "mat"])
    assert (found.inside, found.unknown) == (False, (1, 2))
    assert found.why == "unknown to the model: 'zebra', 'gnawed'"
    assert recognise(["The", "<animal>", "<did>", "on", "the", "mat"]).inside
    assert not recognise(["The", "<animals>", "<did>", "on", "the", "<feeling>"]).inside


def test_the_models_own_tokens_are_no_words():
    assert recognise(["<s>", "<pad>"]).unknown == (0, 1)


def test_a_text_that_was_not_split_is_refused():
    with pytest.raises(TextError, match="split it"):
        recognise("the cat sat")


def test_train_and_test_share_no_pair_of_nouns():
    learned = {frozenset(s.pair) for s in sentences(2000) if s.pair}
    measured = {frozenset(s.pair) for s in sentences(500, "test")}
    assert learned.isdisjoint(measured)
    assert all(held_out(*pair) for pair in DEMO_PAIRS)
    assert learned.isdisjoint({frozenset(pair) for pair in DEMO_PAIRS})


def test_about_one_pair_in_six_is_held_out_and_the_order_does_not_matter():
    words = Vocabulary().words
    pairs = [(one, other) for one in words[30:70] for other in words[70:110]]
    assert 0.1 < sum(held_out(*pair) for pair in pairs) / len(pairs) < 0.24
    assert all(held_out(one, other) == held_out(other, one) for one, other in pairs)


def test_the_same_generator_draws_the_same_sentences():
    assert [s.text for s in sentences(50)] == [s.text for s in sentences(50)]
    assert [s.text for s in sentences(50)] != [s.text for s in sentences(50, seed=6)]


def test_every_behaviour_can_be_measured_and_has_a_word_in_the_right_ones_way():
    drawn = sentences(600, "test")
    for behaviour, job in BEHAVIOURS.items():
        asked = [(s, query) for s in drawn for query in s.behaviours.get(behaviour, ())]
        assert len(asked) > 20, behaviour
        for sentence, query in asked:
            right, wrong = sentence.links[job][query]
            assert right != wrong is not None
            assert len({right, wrong, query}) == 3
