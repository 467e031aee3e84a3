import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import MAX_TOKENS, PAD, PAD_KEY, ConfigError, EmptyTextError, TextError, Tokens, tokenize


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("The cat sat on the mat", ["The", "cat", "sat", "on", "the", "mat"]),
        ("  two\n\twords\u00a0here\u3000 ", ["two", "words", "here"]),
        ("Wait... what?!", ["Wait", ".", ".", ".", "what", "?", "!"]),
        ("don't stop, it’s well-known", ["don't", "stop", ",", "it’s", "well-known"]),
        (
            "'quoted' dogs' -x y- a--b",
            ["'", "quoted", "'", "dogs", "'", "-", "x", "y", "-", "a", "-", "-", "b"],
        ),
        ("rock-'n'-roll", ["rock", "-", "'", "n", "'", "-", "roll"]),
        ("mother-in-law’s", ["mother-in-law’s"]),
        ("GPT4 has 2 heads", ["GPT4", "has", "2", "heads"]),
        ("a_b 50% $3", ["a", "_", "b", "50", "%", "$", "3"]),
        ("<script>alert(1)</script>", ["<", "script", ">", "alert", "(", "1", ")", "<", "/", "script", ">"]),
        ("cafe\u0301", ["café"]),
        ("Straße naïve Ærø", ["Straße", "naïve", "Ærø"]),
        ("القطة جلست على السجادة", ["القطة", "جلست", "على", "السجادة"]),
        ("قِطَّة، هنا", ["قِطَّة", "،", "هنا"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("बिल्ली चटाई पर बैठी।", ["बिल्ली", "चटाई", "पर", "बैठी", "।"]),
        ("क्\u200dष", ["क्\u200dष"]),
        ("小猫坐在垫子上。", ["小", "猫", "坐", "在", "垫", "子", "上", "。"]),
        ("猫が座った", ["猫", "が", "座", "っ", "た"]),
        ("고양이가 앉았다", ["고양이가", "앉았다"]),
        ("แมวนั่ง", ["แ", "ม", "ว", "นั่", "ง"]),
        ("GPT是AI", ["GPT", "是", "AI"]),
        ("Мама мыла раму", ["Мама", "мыла", "раму"]),
    ],
)
def test_text_is_cut_into_words_and_punctuation(text, texts):
    assert list(tokenize(text).texts) == texts


@pytest.mark.parametrize(
    "emoji",
    [
        "😀",
        "❤\ufe0f",
        "👍🏽",
        "👨\u200d👩\u200d👧\u200d👦",
        "👩🏽\u200d🚀",
        "🏳\ufe0f\u200d🌈",
        "👁\ufe0f\u200d🗨\ufe0f",
        "🙂\u200d↔\ufe0f",
        "🇫🇷",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "1\ufe0f\u20e3",
        "#\ufe0f\u20e3",
        "‼\ufe0f",
    ],
)
def test_an_emoji_is_one_token_alone_in_a_row_and_inside_a_word(emoji):
    assert tokenize(emoji).texts == (emoji,)
    assert tokenize(emoji * 2).texts == (emoji, emoji)
    assert tokenize(f"a{emoji}b").texts == ("a", emoji, "b")


def test_four_regional_letters_are_two_flags_and_an_odd_one_stands_alone():
    assert tokenize("🇫🇷🇩🇪🇫").texts == ("🇫🇷", "🇩🇪", "🇫")


@pytest.mark.parametrize(
    "hidden",
    ["\u200e", "\u202e", "\u2066", "\u00ad", "\ufeff", "\x00", "\x07", "\x7f", "\ud800", "\ufffe", "\ufdd0"],
)
def test_control_and_format_characters_are_dropped(hidden):
    assert tokenize(f"{hidden}ca{hidden}t{hidden}").texts == ("cat",)


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
def test_joiners_are_dropped_where_they_join_nothing(joiner):
    assert tokenize(f"ca{joiner}t{joiner} 😀{joiner} م{joiner}").texts == ("cat", "😀", "م")


def test_a_zero_width_space_separates():
    assert tokenize("a\u200bb").texts == ("a", "b")


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t\r", "\u200b\u2800\u3164", "\x00\x01", "\u200d\u202e", "\ufe0f", "\ud83d"]
)
def test_text_without_a_visible_character_is_refused(text):
    with pytest.raises(EmptyTextError) as caught:
        tokenize(text)
    assert str(caught.value) == (
        "the text holds no word: type at least one, for example The cat sat on the mat"
    )


@pytest.mark.parametrize("text", [None, 3, b"cat", ["cat"]])
def test_what_is_not_text_is_refused(text):
    with pytest.raises(TextError, match=f"text must be a str, got {type(text).__name__}"):
        tokenize(text)


def test_a_long_text_is_cut_and_says_by_how_much():
    tokens = tokenize("word " * (MAX_TOKENS + 5))
    assert (len(tokens), tokens.dropped) == (MAX_TOKENS, 5)
    assert tokenize("word " * MAX_TOKENS).dropped == 0
    assert tokenize("one two three", max_tokens=2) == Tokens(("one", "two"), dropped=1)


def test_a_long_word_is_kept_whole():
    assert tokenize("x" * 1000).texts == ("x" * 1000,)


@pytest.mark.parametrize("bad", [0, -1, 2.0, True, "2"])
def test_max_tokens_must_allow_one(bad):
    with pytest.raises(ConfigError, match="max_tokens must be a whole number of at least 1, got "):
        tokenize("a", bad)


def test_keys_ignore_case_apostrophes_and_variation_selectors():
    assert tokenize("THE The the").keys == ("the",) * 3
    assert tokenize("Don’t don't").keys == ("don't",) * 2
    assert tokenize("STRASSE Straße").keys == ("strasse",) * 2
    assert tokenize("❤ ❤\ufe0f").keys == ("❤", "❤")
    assert tokenize("well‑known well-known").keys == ("well-known",) * 2


def test_padding_goes_to_the_end_and_replaces_padding():
    tokens = tokenize("a b " * MAX_TOKENS).padded(3)
    assert tokens.texts[-4:] == ("b", PAD, PAD, PAD)
    assert (tokens.n_pad, tokens.n_words, len(tokens), tokens.dropped) == (
        3,
        MAX_TOKENS,
        MAX_TOKENS + 3,
        MAX_TOKENS,
    )
    assert tokens.padded(1).n_pad == 1
    assert tokens.padded(0) == tokenize("a b " * MAX_TOKENS)
    with pytest.raises(ConfigError, match="n_pad must be a whole number of at least 0, got -1"):
        tokens.padded(-1)


def test_the_word_pad_is_not_padding():
    tokens = tokenize("PAD pad <pad>").padded(1)
    assert tokens.keys == ("pad", "pad", "<", "pad", ">", PAD_KEY)


@given(st.text(min_size=1, max_size=40))
def test_any_text_gives_tokens_or_says_that_it_holds_none(text):
    try:
        tokens = tokenize(text, max_tokens=1000)
    except EmptyTextError:
        return
    assert tokens.dropped == 0
    assert PAD_KEY not in tokens.keys
    assert all(tokens.texts)
    assert all(tokens.keys)
    assert not any(char.isspace() for token in tokens.texts for char in token)
    kept = "".join(tokens.texts)
    assert all(char in unicodedata.normalize("NFC", text) for char in kept)


@given(st.text(max_size=40))
def test_every_letter_and_digit_of_the_text_is_in_a_token(text):
    composed = unicodedata.normalize("NFC", text)
    expected = [c for c in composed if c.isalnum() and c not in "\u3164\uffa0\u115f\u1160"]
    try:
        kept = "".join(tokenize(text, max_tokens=1000).texts)
    except EmptyTextError:
        kept = ""
    assert [c for c in kept if c.isalnum()] == expected


@given(
    st.lists(
        st.sampled_from(["cat", "Don't", "小", "😀", "👍🏽", "!", "بيت", "x-y"]), min_size=1, max_size=12
    )
)
def test_tokens_joined_by_spaces_are_cut_in_the_same_places(words):
    assert list(tokenize(" ".join(words)).texts) == words
