"""Which gathering carries out which item."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from qizhi.study.rules.plans import (
    Basis,
    Decisions,
    Deed,
    Item,
    Progress,
    closeness,
    match,
    progress,
    similarity,
)

STUDY = frozenset({"centre_study"})


def item(month, topic, *, number=1, ledgers=STUDY, is_cancelled=False):
    return Item(uuid.uuid4(), 2018, month, (month, number), topic, ledgers, is_cancelled)


def deed(day, words, *kinds):
    return Deed(uuid.uuid4(), day, tuple(map(frozenset, kinds)) or (STUDY,), words)


def pairs(items, deeds, decisions=None):
    return {pair.item: (pair.deed, pair.basis) for pair in match(items, deeds, decisions or Decisions())}


def test_similarity_is_the_share_of_common_neighbours():
    assert similarity("学习新党章", "学习新党章") == 1
    assert similarity("学习新党章", "新党章学习") == Fraction(2 * 3, 4 + 4)  # 学习 新党 党章
    assert similarity("学习新党章", "参观烈士陵园") == 0
    assert similarity("“学习”新党章！", "学习新党章") == 1
    assert similarity("", "学习") == 0
    assert closeness("学习宪法", "三月集中学习\n学习宪法") == 1


def test_in_a_month_each_item_takes_the_gathering_that_is_most_like_it():
    party, law = item(3, "学习新党章"), item(3, "学习宪法修正案", number=2)
    on_law, on_party = (
        deed(dt.date(2018, 3, 5), "宪法修正案专题学习"),
        deed(dt.date(2018, 3, 20), "新党章学习会"),
    )
    found = pairs([party, law], [on_law, on_party])
    assert found == {party.key: (on_party.key, Basis.TOPIC), law.key: (on_law.key, Basis.TOPIC)}


def test_month_and_ledger_are_enough_and_are_needed():
    wanted = item(3, "学习新党章")
    other = deed(dt.date(2018, 3, 5), "参观烈士陵园")
    assert pairs([wanted], [other]) == {wanted.key: (other.key, Basis.MONTH)}
    assert pairs([wanted], [deed(dt.date(2018, 4, 1), "学习新党章")]) == {}
    assert pairs([wanted], [deed(dt.date(2017, 3, 5), "学习新党章")]) == {}
    assert pairs([wanted], [deed(dt.date(2018, 3, 5), "学习新党章", {"lesson"})]) == {}


def test_who_was_to_speak_has_not_spoken_where_others_did():
    speaker, other = uuid.uuid4(), uuid.uuid4()
    wanted = replace(item(3, "微党课"), speaker=speaker)
    lesson = deed(dt.date(2018, 3, 5), "微党课")
    assert pairs([wanted], [replace(lesson, speakers=frozenset({other}))]) == {}
    assert wanted.key in pairs([wanted], [replace(lesson, speakers=frozenset({other, speaker}))])
    assert wanted.key in pairs([wanted], [lesson]), "nobody was named"
    link = Decisions({wanted.key: lesson.key})
    assert wanted.key in pairs([wanted], [replace(lesson, speakers=frozenset({other}))], link)


def test_one_gathering_is_one_item_unless_a_person_says_so():
    one, two = item(3, "学习新党章"), item(3, "学习新党章", number=2)
    only = deed(dt.date(2018, 3, 5), "学习新党章")
    assert pairs([one, two], [only]) == {one.key: (only.key, Basis.TOPIC)}
    said = Decisions(links={one.key: only.key, two.key: only.key})
    assert pairs([one, two], [only], said) == {
        one.key: (only.key, Basis.PERSON),
        two.key: (only.key, Basis.PERSON),
    }


def test_a_gathering_of_two_kinds_is_two_items_and_no_more():
    theme, lesson = frozenset({"theme_day", "training"}), frozenset({"lesson", "training"})
    wants_theme = item(3, "参观烈士陵园", ledgers=frozenset({"theme_day"}))
    wants_lesson = item(3, "学习新党章", number=2, ledgers=frozenset({"lesson"}))
    wants_training = item(3, "集中培训", number=3, ledgers=frozenset({"training"}))
    both = deed(dt.date(2018, 3, 5), "参观烈士陵园", theme, lesson)
    every = [wants_theme, wants_lesson, wants_training]
    assert pairs(every, [both]) == {
        wants_theme.key: (both.key, Basis.TOPIC),
        wants_lesson.key: (both.key, Basis.MONTH),
    }
    assert pairs(every, [deed(dt.date(2018, 3, 5), "参观", lesson)]).keys() == {wants_lesson.key}
    said = Decisions(links={wants_lesson.key: both.key})
    assert pairs(every, [both], said) == {
        wants_theme.key: (both.key, Basis.TOPIC),
        wants_lesson.key: (both.key, Basis.PERSON),
    }


def test_a_persons_word_stands_in_any_month_and_frees_the_rest():
    wanted, later = item(3, "学习新党章"), item(4, "学习新党章")
    march, april = deed(dt.date(2018, 3, 5), "学习新党章"), deed(dt.date(2018, 4, 9), "学习新党章")
    said = Decisions(links={wanted.key: april.key})
    assert pairs([wanted, later], [march, april], said) == {wanted.key: (april.key, Basis.PERSON)}
    no = Decisions(rejected={(wanted.key, march.key)})
    assert pairs([wanted, later], [march, april], no) == {later.key: (april.key, Basis.TOPIC)}
    withdrawn = Decisions(links={wanted.key: uuid.uuid4()})
    assert pairs([wanted], [march], withdrawn) == {wanted.key: (march.key, Basis.TOPIC)}


def test_a_cancelled_item_takes_nothing():
    gone, stays = item(3, "学习新党章", is_cancelled=True), item(3, "学习宪法", number=2)
    only = deed(dt.date(2018, 3, 5), "学习新党章")
    said = Decisions(links={gone.key: only.key})
    assert pairs([gone, stays], [only], said) == {stays.key: (only.key, Basis.TOPIC)}


def test_progress_until_the_end_of_the_month():
    wanted = item(2, "学习")
    assert progress(wanted, is_done=False, as_of=dt.date(2018, 2, 28)) is Progress.DUE
    assert progress(wanted, is_done=False, as_of=dt.date(2018, 3, 1)) is Progress.MISSING
    assert progress(wanted, is_done=True, as_of=dt.date(2018, 1, 1)) is Progress.DONE
    gone = item(2, "学习", is_cancelled=True)
    assert progress(gone, is_done=True, as_of=dt.date(2018, 3, 1)) is Progress.CANCELLED


topics = st.sampled_from(["学习新党章", "新党章专题", "学习宪法", "参观", ""])
items_ = st.lists(
    st.builds(
        Item,
        st.uuids(),
        st.just(2018),
        st.integers(1, 3),
        st.tuples(st.integers(1, 3), st.integers(1, 4)),
        topics,
        st.just(STUDY),
        st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.key,
)
deeds_ = st.lists(
    st.builds(
        Deed, st.uuids(), st.dates(dt.date(2018, 1, 1), dt.date(2018, 3, 31)), st.just((STUDY,)), topics
    ),
    max_size=8,
    unique_by=lambda one: one.key,
)


@given(items_, deeds_, st.randoms())
def test_the_order_of_entry_does_not_matter_and_nothing_is_used_twice(items, deeds, random):
    found = match(items, deeds, Decisions())
    turned, shuffled = list(items), list(deeds)
    random.shuffle(turned)
    random.shuffle(shuffled)
    assert match(turned, shuffled, Decisions()) == found
    assert len({pair.deed for pair in found}) == len(found) == len({pair.item for pair in found})
    standing = [one for one in items if not one.is_cancelled]
    for month in (1, 2, 3):
        wanted = sum(1 for one in standing if one.month == month)
        held = sum(1 for one in deeds if one.day.month == month)
        matched = sum(1 for pair in found if next(i for i in items if i.key == pair.item).month == month)
        assert matched == min(wanted, held)
