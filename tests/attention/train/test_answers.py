"""Training of the encoders: what is asked, and that a small one learns."""

import random

import numpy as np

from attention import Ordinary, Reader, Vocabulary, recognise
from attention.train.answers import Plan, batch_of, train_encoder, with_kinds
from attention.train.english import sample
from attention.train.measure import held_out_sentences, measure

QUICK = Plan(steps=120, batch=32, sentences=3000, lr=0.01, warmup=40)


def test_a_batch_holds_the_words_and_where_the_right_ones_stand():
    sentence = recognise(["the", "cat", "sat", "on", "the", "mat", "because", "it", "was", "tired"]).sentence
    batch = batch_of([sentence, recognise(["the", "cat", "was", "tired"]).sentence], Vocabulary())
    words = [Vocabulary().words[number] for number in batch.ids[1]]
    assert words == ["<s>", "the", "cat", "was", "tired"] + ["<pad>"] * 6
    assert batch.right[0, 0].tolist() == [-1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]  # pronoun: "it" -> "cat"
    assert batch.right[0, 3].tolist() == [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]  # previous
    assert batch.right[1, 1].tolist() == [-1, 0, 0, 2, 0] + [-1] * 6  # subject: "was" -> "cat"


def test_kinds_replace_about_an_eighth_of_the_words_that_have_one_and_nothing_else():
    vocabulary, rng = Vocabulary(), random.Random(0)
    ids = batch_of([sample(rng, "train") for _ in range(2000)], vocabulary).ids
    replaced = with_kinds(ids, vocabulary, np.random.default_rng(0))
    changed = ids != replaced
    for before, after in zip(ids[changed], replaced[changed], strict=True):
        assert vocabulary.kind(vocabulary.words[before]) == vocabulary.words[after]
    could = np.array([vocabulary.kind(word) is not None for word in vocabulary.words])[ids]
    assert 0.1 < changed.sum() / could.sum() < 0.15


def test_a_reader_learns_in_a_few_steps_where_a_verbs_subject_stands():
    model, sentences = Reader.random(0), held_out_sentences(150)
    before = measure(model, sentences, "attractor")
    losses = [progress.loss for progress in train_encoder(model, QUICK, seed=0)]
    after = measure(model, sentences, "attractor")
    assert np.mean(losses[-20:]) < 0.6 * losses[0]
    assert before.weight < 0.2 < 0.5 < after.weight


def test_an_ordinary_encoder_learns_from_the_first_steps():
    model = Ordinary.random(0)
    losses = [p.loss for p in train_encoder(model, Plan(steps=15, batch=16, sentences=300, warmup=5), seed=0)]
    assert losses[-1] < 0.9 * losses[0]


def test_training_is_the_same_each_time():
    plan = Plan(steps=3, batch=8, sentences=50)
    runs = []
    for _ in range(2):
        model = Reader.random(1)
        list(train_encoder(model, plan, seed=1))
        runs.append(model.state_dict())
    assert all(np.array_equal(runs[0][name], runs[1][name]) for name in runs[0])
