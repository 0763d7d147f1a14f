"""The form in the browser: how little it asks, how it is prefilled, what it does with messy input."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qizhi.core import audit
from qizhi.gatherings import services
from qizhi.gatherings.models import Gathering, Series, Template
from qizhi.gatherings.services import LecturerFact, RollFact
from qizhi.org.enums import LeaveKind
from qizhi.org.models import Leave, Person, Placement

ID = "01940000-0000-7000-8000-0000000000bb"
RECORD = "/gatherings/record/"


class Inputs(HTMLParser):
    """Names of the inputs that a person sees at once: neither hidden nor folded away; a roll is one."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self._folded = 0

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self._folded += tag == "details"
        name = values.get("name") or ""
        is_input = tag in {"input", "select", "textarea"} and name and values.get("type") != "hidden"
        if is_input and not self._folded and "hidden" not in values and name not in {"q", "reload"}:
            self.names.add(name.split("-")[0])

    def handle_endtag(self, tag):
        self._folded -= tag == "details"


def test_an_ordinary_meeting_asks_for_six_things(cast, kinds):
    page = Inputs()
    page.feed(cast.client("secretary").get(RECORD, {"kind": "congress"}).content.decode())
    assert page.names == {"unit", "held_on", "kinds", "chair", "roll", "topics"}


def test_no_file_is_ever_needed(cast, typed):
    assert cast.client("secretary").post(RECORD, typed()).status_code == 302


def test_the_page_is_prefilled_from_the_post(cast, kinds):
    page = cast.client("secretary").get(RECORD)
    form = page.context["form"]
    assert (form["unit"].value(), form["held_on"].value()) == (str(cast.first.pk), dt.date(2018, 1, 15))
    assert form["chair"].value() == "书记甲"


def test_a_link_prefills_unit_day_ledger_and_series(cast, kinds):
    series = Series.objects.create(bureau=cast.bureau, key="thanks", name="感恩月")
    asked = {"unit": cast.group.pk, "ledger": "group", "month": "2017-05", "series": "thanks", "q": "x"}
    form = cast.client("secretary").get(RECORD, asked).context["form"]
    assert form["unit"].value() == str(cast.group.pk)
    assert form["kinds"].value() == [str(kinds["group-meeting"].pk)]
    assert (form["month"].value(), form["series"].value()) == ("2017-05", str(series.pk))
    wrong = {"unit": "x", "ledger": "none", "held_on": "\x00'", "copy": "1", "template": cast.first.pk}
    assert cast.client("secretary").get(RECORD, wrong).status_code == 200


def test_a_template_prefills_its_latest_day(cast, kinds):
    services.load_standard_templates(cast.bureau, by=cast.actor("officer"))
    template = Template.objects.get(name="主题党日")
    form = cast.client("secretary").get(RECORD, {"template": template.pk}).context["form"]
    assert form["held_on"].value() == dt.date(2017, 12, 29)
    assert form["title"].value() == "12月主题党日"
    assert form["unit"].value() == str(cast.first.pk)


def test_once_more_like_this_leaves_out_what_belongs_to_the_day(cast, held):
    lecturer = LecturerFact(cast.person("secretary"), "", "secretary")
    row = held(
        "lesson", roll=(RollFact(cast.person("member"), "absent"),), lecturers=(lecturer,), place="三楼"
    )
    form = cast.client("secretary").get(RECORD, {"copy": row.pk}).context["form"]
    assert (form["place"].value(), form["lecturers"].value()) == ("三楼", "书记甲(0001)")
    assert form["held_on"].value() == dt.date(2018, 1, 15)
    assert not any(line.state for line in form.roll)


def test_the_roll_follows_unit_day_and_kinds_without_being_saved(cast, kinds, typed):
    client = cast.client("secretary")
    values = typed(
        "committee", reload="1", **{"roll-0002": "absent", "chair": "书记甲", "chair_preset": "书记甲"}
    )
    page = client.post(RECORD, values, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "应到 3 人" in text
    assert "<html" not in text
    assert '<option value="absent" selected>' in text
    assert "将计入 1 本台账：支部委员会会议" in text
    group = typed("group-meeting", reload="1") | {"unit": str(cast.group.pk), "shown_for": "branch"}
    text = client.post(RECORD, group).content.decode()
    assert "应到 5 人" in text
    assert "<html" in text
    assert not Gathering.objects.exists()


def test_exceptions_are_recorded_with_reasons(cast, typed):
    values = typed(
        **{
            "roll-0001": "",
            "roll-0002": "excused",
            "reason-0002": "出差",
            "roll-0003": "made_up",
            "made-0003": "2018.1.14",
            "roll-0004": "absent",
        }
    )
    assert cast.client("secretary").post(RECORD, values).status_code == 302
    roll = services.facts_of([Gathering.objects.get()])[Gathering.objects.get().pk].roll
    assert [str(one) for one in roll] == [
        "委员乙：请假（出差）",
        "委员丙：已补课（2018年1月14日）",
        "党员丁：缺席",
    ]


def test_a_long_roll_is_typed_by_name(cast, kinds, typed):
    for number in range(90):
        person = Person.objects.create(bureau=cast.bureau, staff_no=f"9{number:03}", name=f"职工{number:03}")
        Placement.objects.create(
            bureau=cast.bureau, person=person, unit=cast.department, from_on=dt.date(2015, 1, 1)
        )
    Leave.objects.create(
        bureau=cast.bureau, person=cast.person("member"), kind="annual", from_on=dt.date(2018, 1, 8)
    )
    client = cast.client("officer")
    asked = {"unit": cast.root.pk, "kind": "flag-ceremony", "held_on": "2018-01-12"}
    page = client.get(RECORD, asked)
    assert page.context["desk"].number_due == 102
    assert page.context["form"]["excused_names"].value() == "党员丁"
    values = typed("flag-ceremony", excused_names="党员丁", absent_names="委员乙") | {
        "unit": str(cast.root.pk)
    }
    answer = client.post(RECORD, values)
    assert answer.status_code == 302
    assert (
        "应到 <strong>102</strong> 人，实到 <strong>100</strong> 人"
        in client.get(answer["Location"]).content.decode()
    )


def test_month_lecturers_visitors_and_votes(cast, typed):
    values = typed(
        "congress", "lesson", month="2017年5月", lecturers="局长丑、王教授(外单位)", guests="李四(外单位)"
    )
    values |= {"auditors": "0011", "held_on": "", "hours": "90分钟"}
    values |= {"votes-0-title": "接收新党员", "votes-0-threshold": "admission", "votes-0-yes": "4"}
    values |= {"votes-0-person": "预备戊"}
    page = cast.client("secretary").post(RECORD, values)
    assert page.status_code == 422
    assert "缺少应到有表决权人数" in page.content.decode()
    values |= {"votes-0-due": "4", "votes-0-present": "4"}
    answer = cast.client("secretary").post(RECORD, values)
    assert answer.status_code == 302
    text = cast.client("secretary").get(answer["Location"]).content.decode()
    for said in ("2017年5月", "局长丑（主要领导）", "王教授（外请专家）", "纪检子", "李四", "补录", "1.5"):
        assert said in text
    assert "应到有表决权 4 人，到会 4 人" in text


def test_votes_take_their_numbers_from_the_roll(cast, typed):
    values = typed("congress", **{"roll-0004": "absent", "votes-0-title": "通过计划", "votes-0-yes": "3"})
    assert cast.client("secretary").post(RECORD, values).status_code == 302
    row = Gathering.objects.get().resolutions.get()
    assert (row.due, row.present, row.yes) == (4, 3, 3)  # the probationary member has no vote


def test_a_preset_chair_follows_the_unit(cast, typed):
    values = typed("theme-day", chair="书记甲", chair_preset="书记甲") | {"unit": str(cast.second.pk)}
    assert cast.client("officer").post(RECORD, values).status_code == 302
    assert str(Gathering.objects.get().chair) == "书记己"


def test_wrong_numbers_and_names_are_told_where_they_stand(cast, typed):
    wrong = {
        "due_total": "-1",
        "hours": "很久",
        "chair": "党员丁、书记甲",
        "lecturers": "无此人",
        "starts_at": "25:99",
    }
    wrong |= {"made-0003": "昨天", "roll-0003": "made_up", "votes-0-no": "1", "place": "长" * 81}
    page = cast.client("secretary").post(RECORD, typed(**wrong))
    assert page.status_code == 422
    form = page.context["form"]
    assert {"due_total", "hours", "chair", "lecturers", "starts_at", "place"} <= set(form.errors)
    assert "委员丙的补课日期" in form.non_field_errors()[0]
    assert "请写明表决的事项" in page.content.decode()


def test_files_come_along_and_a_bad_one_does_not_lose_the_rest(cast, typed):
    files = [SimpleUploadedFile("记录.txt", b"x"), SimpleUploadedFile("空.txt", b"")]
    good = [SimpleUploadedFile("记录.txt", b"x")]
    page = cast.client("secretary").post(RECORD, typed(attachments=files))
    assert page.status_code == 422
    assert page.context["form"].errors["attachments"]
    assert cast.client("secretary").post(RECORD, typed(attachments=good)).status_code == 302
    assert Gathering.objects.get().attachments.get().name == "记录.txt"


def test_a_second_one_on_the_same_day_is_pointed_out(cast, typed):
    client = cast.client("secretary")
    client.post(RECORD, typed())
    other = ID.replace("bb", "cc")
    page = client.post(RECORD, typed(id=other), follow=True)
    assert "如果是重复登记" in page.content.decode()
    assert Gathering.objects.count() == 2


def test_a_correction_starts_from_what_is_known(cast, held, kinds, typed):
    row = held(
        "congress", roll=(RollFact(cast.person("member"), "excused", "出差"),), chair=cast.person("secretary")
    )
    client, address = cast.client("secretary"), reverse("gatherings:correct", args=[row.pk])
    form = client.get(address).context["form"]
    assert form["chair"].value() == "书记甲"
    assert [(line.state, line.reason) for line in form.roll if line.state] == [("excused", "出差")]
    values = typed("congress", "lesson", topics="补上议题", chair="书记甲", chair_preset="-")
    answer = client.post(address, values | {"roll-0004": "absent"})
    assert answer["Location"] == row.get_absolute_url()
    assert audit.history(row)[0].after["topics"] == "补上议题"
    assert client.post(address, values | {"kinds": []}).status_code == 422


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_forms_do_not_grow(cast, held, django_assert_num_queries, number):
    people = [cast.person(name) for name in ("secretary", "member")]
    row = held(
        "congress",
        roll=tuple(RollFact(person, "absent") for person in people[: number - 1]),
        lecturers=tuple(LecturerFact(None, f"教授{word}", "expert") for word in "甲乙丙"[:number]),
    )
    client = cast.client("secretary")
    with django_assert_num_queries(10):
        assert client.get(RECORD, {"kind": "congress"}).status_code == 200
    with django_assert_num_queries(16):
        assert client.get(reverse("gatherings:correct", args=[row.pk])).status_code == 200
    with django_assert_num_queries(10):
        assert client.get(reverse("gatherings:roll_sheet", args=[row.pk])).status_code == 200


def test_the_roll_is_printed_before_and_after(cast, held, kinds):
    row = held("congress", roll=(RollFact(cast.person("member"), "excused", "出差"),))
    client = cast.client("secretary")
    after = client.get(reverse("gatherings:roll_sheet", args=[row.pk])).content.decode()
    assert "应到 5 人" in after
    assert "实到 4 人" in after
    asked = {"unit": cast.first.pk, "held_on": "2018-01-12", "kinds": kinds["committee"].pk}
    before = client.get(reverse("gatherings:blank_roll_sheet"), asked).content.decode()
    assert before.count("□") == 9
    assert client.get(reverse("gatherings:blank_roll_sheet"), {"unit": cast.second.pk}).status_code == 404


def test_who_made_up_for_it_has_a_column_of_their_own_on_the_printed_roll(cast, held):
    made_up = RollFact(cast.person("member"), "made_up", "", dt.date(2018, 1, 14))
    row = held("congress", roll=(made_up, RollFact(cast.person("secretary"), "absent")))
    page = cast.client("secretary").get(reverse("gatherings:roll_sheet", args=[row.pk])).content.decode()
    cells = next(line for line in page.split("<tr>") if "党员丁" in line).split("<td>")
    assert "已补课</th>" in page
    assert [cell.partition("<")[0] for cell in cells[3:7]] == ["", "", "", "2018年1月14日"]


@pytest.fixture
def leave(cast):
    """The member is on leave from 10 to 12 January 2018."""
    return Leave.objects.create(
        bureau=cast.bureau,
        person=cast.person("member"),
        kind=LeaveKind.ANNUAL,
        from_on=dt.date(2018, 1, 10),
        to_on=dt.date(2018, 1, 12),
    )


def test_leave_on_the_roll_follows_the_date(cast, typed, leave):
    client, number = cast.client("secretary"), cast.person("member").staff_no

    def state(day, **said):
        more = {f"{name}-{number}": value for name, value in said.items()}
        page = client.post(RECORD, typed("congress", reload="1", **{**more, "held_on": day}))
        return next(line.state for line in page.context["form"].roll if line.number == number)

    assert state("2018-01-11") == "excused"
    for day, said in ((None, "名册：2018年1月15日应到"), ("2018-01-11", "名册：2018年1月11日应到")):
        page = client.post(RECORD, typed("congress", reload="1", held_on=day or ""))
        assert said in page.content.decode(), "the roll says of which day it is"
    preset = {"roll": "excused", "reason": "年休假", "preset": "年休假"}
    assert state("2018-01-09", **preset) == ""
    assert state("2018-01-11", roll="", reason="", preset="") == "excused"
    # What a person has decided stays, whatever the day.
    assert state("2018-01-09", **{**preset, "roll": "absent"}) == "absent"
    assert state("2018-01-11", **{**preset, "roll": "", "reason": ""}) == ""
    assert state("2018-01-09", roll="excused", reason="探亲", preset="年休假") == "excused"


def test_a_corrected_date_takes_the_leave_of_its_day(cast, held, typed, leave):
    fact = RollFact(cast.person("member"), "excused", "年休假")
    row = held("congress", day="2018-01-11", roll=(fact,))
    client, number = cast.client("secretary"), cast.person("member").staff_no
    address = reverse("gatherings:correct", args=[row.pk])
    line = next(one for one in client.get(address).context["form"].roll if one.number == number)
    assert (line.state, line.preset) == ("excused", "年休假")
    said = {f"roll-{number}": "excused", f"reason-{number}": "年休假", f"preset-{number}": "年休假"}
    values = typed("congress", **{**said, "held_on": "2018-01-09"})
    assert client.post(address, values).status_code == 302
    assert not row.roll.exists()
