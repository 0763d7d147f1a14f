"""Names as people type them."""

from __future__ import annotations

from functools import partial

import pytest

from qizhi.core.errors import Refused
from qizhi.gatherings.queries.names import PeopleBook, Typed, ours, split_names
from qizhi.org.models import Person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三、李四", [Typed("张三"), Typed("李四")]),
        ("张三 李四，王 五；赵六", [Typed("张三"), Typed("李四"), Typed("王五"), Typed("赵六")]),
        ("张三（0012）、0013", [Typed("张三", number="0012"), Typed("", number="0013")]),
        (
            "王教授（外单位）、 李 工 ( 外请 )",
            [Typed("王教授", is_outside=True), Typed("李工", is_outside=True)],
        ),
        ("张三(0012) 李四", [Typed("张三", number="0012"), Typed("李四")]),
        ("无", []),
        (" — ", []),
        ("", []),
        ("买买提·艾力", [Typed("买买提·艾力")]),
    ],
)
def test_names_are_taken_apart(text, expected):
    assert split_names(text) == expected


@pytest.mark.parametrize("text", ["张三等5人", "张 三 李 四"])
def test_what_cannot_be_taken_apart_is_said(text):
    with pytest.raises(Refused):
        split_names(text)


@pytest.fixture
def book(cast):
    Person.objects.create(bureau=cast.bureau, staff_no="0099", name="党员丁")
    texts = ["党员丁、书记甲、0005、没有的人", "外人寅"]
    return PeopleBook.load(cast.bureau.pk, texts)


def test_people_of_the_unit_are_meant_first(cast, book):
    member = cast.person("member")
    assert book.find(Typed("党员丁"), {member.pk}).person == member
    with pytest.raises(Refused, match=r"有 2 位“党员丁”，请写明工号：党员丁\(0004\)、党员丁\(0099\)"):
        book.find(Typed("党员丁"), set())
    assert book.find(Typed("党员丁", number="0099"), {member.pk}).person.staff_no == "0099"


def test_numbers_and_strangers(cast, book):
    assert book.find(Typed("", number="0005"), ()).person.name == "预备戊"
    with pytest.raises(Refused, match="人员库里没有“没有的人”"):
        book.find(Typed("没有的人"), ())
    with pytest.raises(Refused, match="人员库里没有“外人寅”"):
        book.find(Typed("外人寅"), ())
    with pytest.raises(Refused, match="工号 0005"):
        book.find(Typed("书记甲", number="0005"), ())
    guest = book.find(Typed("王教授", is_outside=True), ())
    assert (guest.person, guest.guest_name) == (None, "王教授")
    with pytest.raises(Refused, match="外单位人员"):
        ours(lambda: [guest])


def test_advice_does_not_lead_to_where_it_is_refused_again(book):
    with pytest.raises(Refused, match=r"“党员丁\(外单位\)”") as among_guests:
        book.find_all("党员丁(示例党校)", ())
    assert among_guests.value.message.startswith("“党员丁”后面括号里的“示例党校”不是工号。")
    for text in ("没有的人", "党员丁(示例党校)", "书记甲(0005)", "0077"):
        with pytest.raises(Refused) as refused:
            ours(partial(book.find_all, text, ()))
        assert "外单位" not in refused.value.message


def test_nobody_named_asks_nothing(cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        PeopleBook.load(cast.bureau.pk, ["", "无", "张 三 李 四"])
    with django_assert_num_queries(1):
        PeopleBook.load(cast.bureau.pk, ["书记甲、党员丁", "0005"])
