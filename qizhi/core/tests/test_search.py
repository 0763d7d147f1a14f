"""Words looked for in Chinese: as typed, as pinyin, by initials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.core.search import Piece, fold, forms_of, pieces_of, places_of, words_of

TEXT = "党小组会、党课和主题党日每月不少于1次（见〔2018〕7号）"


def found(query, text=TEXT):
    forms = forms_of(text)
    return [text[start:end] for start, end in places_of(words_of(query), forms)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("党课", ["党课"]),
        ("dangke", ["党课"]),
        ("dang'ke", ["党课"]),
        ("DangK", ["党课"]),
        ("dk", ["党课"]),
        ("dxzh", ["党小组会"]),
        ("zhutidangri", ["主题党日"]),
        ("党课 每月", ["党课", "每月"]),
        ("《党课》", ["党课"]),
        ("[2018]7号", ["〔2018〕7号"]),
        ("（２０１８）", ["〔2018〕"]),
        ("angke", []),
        ("", []),
        ("'", []),
    ],
)
def test_words_are_found_and_can_be_marked(query, expected):
    assert found(query) == expected


def test_a_reading_follows_the_word():
    assert found("zhongyao", "重要文件") == ["重要"]
    assert found("chongxin", "重新登记") == ["重新"]
    assert found("xian", "西安和县里") == ["西安", "县"]
    assert found("xi'an", "西安和县里") == ["西安"]


def test_what_is_typed_goes_before_what_it_might_be():
    assert found("dk", "DK系统和党课") == ["DK"]


@given(st.text(max_size=60))
def test_the_forms_stand_character_under_character(text):
    forms = forms_of(text)
    assert len(fold(text)) == len(forms.folded) == len(forms.initials) == len(text)
    assert forms.syllables.count("·") - text.count("·") == len(text)


@given(st.text("党课dangke'支部 x1", max_size=30), st.text("党课支部x1", max_size=60))
def test_the_pieces_make_up_the_text(query, text):
    places = places_of(words_of(query), forms_of(text))
    pieces = pieces_of(text, places)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_found] == [text[start:end] for start, end in places]


def test_a_long_text_is_cut_around_what_was_found():
    text = "前" * 200 + "党课" + "后" * 200
    pieces = pieces_of(text, places_of(words_of("党课"), forms_of(text)), width=40)
    assert pieces[0] == pieces[-1] == Piece("…", is_found=False)
    assert Piece("党课", is_found=True) in pieces
    assert sum(len(piece.text) for piece in pieces) == 42


def test_many_letters_are_read_in_a_bounded_number_of_ways():
    assert len(words_of("xianxianxianxianxianxianxian")[0].readings) <= 12
    assert words_of("a " * 50) == words_of("a " * 8)
