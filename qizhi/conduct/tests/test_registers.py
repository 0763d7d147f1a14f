"""Status registers: who owes a report, that it was handed in, who is drawn; never what anything says."""

from __future__ import annotations

import datetime as dt
import hashlib
from fractions import Fraction

import pytest
from django.db import IntegrityError, models, transaction

from qizhi.conduct.models import MatterReport, PaperCheck
from qizhi.conduct.queries.matters import round_of, terms_in
from qizhi.conduct.rules.registers import Standing, change_due, draw, sample_size, standing
from qizhi.conduct.services import matters as services
from qizhi.core import clock, figures, imports, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.core.models import AuditEvent
from qizhi.core.tables.reading import read_table
from qizhi.core.tests.standing import left_standing
from qizhi.org.models import RankTenure
from qizhi.regulations.services.national import load_national_regulations

D = dt.date
TODAY = D(2018, 1, 15)
LATE = D(2018, 2, 1)
PAGE = "/conduct/matters/"


@left_standing
def cadres(cast):
    """Three of rank: 党员丁 and 书记己 since 2015, 局长丑 above; 委员乙 is promoted a day too late."""
    load_national_regulations(cast.bureau, by=cast.actor("officer"))
    given = (("member", "deputy_division"), ("neighbour", "division"), ("leader", "bureau"))
    for name, rank in given:
        RankTenure.objects.create(
            bureau=cast.bureau, person=cast.person(name), rank=rank, from_on=D(2015, 1, 1)
        )
    RankTenure.objects.create(
        bureau=cast.bureau,
        person=cast.person("secretary"),
        rank="section",
        from_on=D(2015, 1, 1),
        to_on=D(2017, 12, 31),
    )
    RankTenure.objects.create(
        bureau=cast.bureau, person=cast.person("secretary"), rank="deputy_division", from_on=D(2018, 1, 1)
    )
    return [cast.person(name) for name, _ in given]


def hand_in(cast, *people, on=TODAY, year=2018):
    return services.hand_in_reports(
        year=year, people=people, handed_in_on=on, received_by_label="", by=cast.actor("personnel")
    )


def test_no_column_can_hold_what_a_report_says():
    for model in (MatterReport, PaperCheck):
        texts = {f.name for f in model._meta.concrete_fields if isinstance(f, models.TextField)}
        assert texts == set()
        assert not any("content" in f.name for f in model._meta.concrete_fields)


def test_the_last_day_is_in_time_and_who_left_owes_nothing():
    due = D(2018, 1, 31)
    assert standing(due, D(2018, 1, 31), LATE) is Standing.DONE
    assert standing(due, D(2018, 2, 1), LATE) is Standing.LATE
    assert standing(due, D(2018, 2, 1), due) is Standing.DUE
    assert standing(due, None, due) is Standing.DUE
    assert standing(due, None, LATE) is Standing.MISSING
    assert standing(due, None, LATE, left_on=D(2018, 1, 30)) is Standing.NA
    assert standing(due, None, LATE, left_on=due) is Standing.MISSING
    assert change_due(D(2018, 2, 10), 30) == D(2018, 3, 12)


def test_a_tenth_is_rounded_up_and_anybody_can_draw_again():
    assert [sample_size(n, Fraction(1, 10)) for n in (0, 1, 10, 11, 40, 44)] == [0, 1, 1, 2, 4, 5]
    numbers = [f"{n:04}" for n in range(44)]
    first = draw(numbers, 5, "2018年3月1日 监督人甲")
    assert len(set(first)) == 5
    assert first == draw(reversed(numbers), 5, "2018年3月1日 监督人甲")
    assert first != draw(numbers, 5, "2018年3月1日 监督人乙")
    # By hand: sha256("种子|0001") = ..., the smallest sums come first.
    assert draw(["0001", "0002"], 9, "种子") in (["0001", "0002"], ["0002", "0001"])


def test_rank_on_the_last_day_of_the_year_before_decides(cast, cadres):
    found = round_of(cast.bureau.pk, 2018, TODAY)
    assert [line.person.name for line in found.lines] == ["党员丁", "书记己", "局长丑"]
    assert (found.due_on, found.rank_day) == (D(2018, 1, 31), D(2017, 12, 31))
    assert terms_in(cast.bureau.pk, 2017) is None  # the rule came into force after that day
    assert round_of(cast.bureau.pk, 2017, TODAY).lines == ()
    assert round_of(cast.bureau.pk, 2019, TODAY).lines == ()  # that day has not come
    assert round_of(cast.bureau.pk, 2018, TODAY, [cast.first.pk]).lines == ()


def test_handing_in_is_noted_once_and_only_of_those_who_owe(cast, cadres):
    done = hand_in(cast, cadres[0], cadres[0], cadres[1])
    assert (len(done.made), done.known) == (2, [])
    again = hand_in(cast, *cadres, on=D(2018, 1, 14))
    assert ([row.person for row in again.made], again.known) == ([cadres[2]], cadres[:2])
    assert MatterReport.objects.get(person=cadres[0]).handed_in_on == TODAY
    for people, day, year, said in (
        ([cast.person("officer")], TODAY, 2018, "不在报告范围"),
        ([cadres[0]], D(2018, 1, 16), 2018, "今天之后"),
        ([cadres[0]], D(2017, 12, 30), 2018, "早于2017年12月31日"),
        ([cadres[0]], TODAY, 2017, "没有生效"),
        ([], TODAY, 2018, "还没有选人"),
    ):
        with pytest.raises(Refused, match=said):
            hand_in(cast, *people, on=day, year=year)


def test_f18_counts_who_handed_in_out_of_those_who_owe(cast, cadres):
    figure = figures.get("conduct.matters_handed_in")
    ask = Ask(cast.bureau.pk, periods.year(2017), D(2018, 1, 31))
    hand_in(cast, *cadres[:2])
    value = figure.value(ask)
    assert (value.counted, value.out_of) == (2, 3)
    assert figure.counted_from_rows(ask) == 2
    early = Ask(cast.bureau.pk, periods.year(2017), D(2018, 1, 10))
    assert (figure.value(early).counted, figure.counted_from_rows(early)) == (0, 0)
    nothing = Ask(cast.bureau.pk, periods.year(2016), D(2018, 1, 31))
    assert figure.value(nothing).amount is None
    shown = " ".join(str(column.get(row)) for row in figure.rows(ask) for column in figure.columns)
    assert cadres[0].name not in shown


def test_a_change_is_due_in_thirty_days_and_listed_when_late(cast, cadres):
    by = cast.actor("personnel")
    row = services.record_change(person=cadres[0], happened_on=D(2017, 12, 10), handed_in_on=None, by=by)
    assert row.due_on == D(2018, 1, 9)
    page = cast.client("personnel").get(PAGE, {"year": 2017}).content.decode()
    assert "变化报告逾期 <strong>1</strong> 件" in page
    services.correct_report(row, handed_in_on=TODAY, received_by_label="癸", by=by)
    assert "逾期报告" in cast.client("personnel").get(PAGE, {"year": 2017}).content.decode()
    with pytest.raises(Refused, match="没有生效"):
        services.record_change(person=cadres[0], happened_on=D(2017, 2, 7), handed_in_on=None, by=by)


def test_the_draw_is_made_once_and_can_be_made_again(cast, cadres):
    by = cast.actor("personnel")
    values = {"year": 2018, "seed": "监督人甲", "drawn_on": TODAY, "kinds": ["report", "file"], "by": by}
    made = services.draw_checks(**values)
    assert len(made) == 2  # ceil(3 / 10) people, two checks each
    assert made[0].draw == "总体3人，按10%抽1人（不足一人的算一人），口令“监督人甲”"
    found = round_of(cast.bureau.pk, 2018, TODAY)
    rows = list(PaperCheck.objects.select_related("person"))
    assert services.redrawn(rows, found) is True
    rows[0].draw = rows[0].draw.replace("监督人甲", "丙丁戊己庚辛")
    assert services.redrawn(rows, found) in {True, False}
    assert services.draw_checks(**values) == made  # a second click
    with pytest.raises(Refused, match="只抽一次"):
        services.draw_checks(**{**values, "seed": "更合意的种子"})


def test_a_check_ends_with_a_code_and_somebody_elses_approval(cast, cadres):
    by = cast.actor("personnel")
    (row,) = services.propose_checks(people=[cadres[0]], drawn_on=TODAY, kinds=["file"], by=by)
    assert services.propose_checks(people=[cadres[0]], drawn_on=TODAY, kinds=["file"], by=by) == []
    page = cast.client("inspector").get("/conduct/checks/").content.decode()
    assert "有结果以前不提交讨论：党员丁" in page
    end = {"result": "consistent", "checked_on": TODAY, "by": by}
    for wrong, said in (
        ({"approved_by": cadres[0]}, "本人"),
        ({"approved_by": None}, "请写审批人"),
        ({"approved_by": cadres[2], "checked_on": D(2018, 1, 14)}, "核查日期"),
        ({"approved_by": cadres[2], "result": ""}, "结果"),
    ):
        with pytest.raises(Refused, match=said):
            services.finish_check(row, **{**end, **wrong})
    rows = PaperCheck.objects.filter(pk=row.pk)
    for values in ({"approved_by": None}, {"approved_by": cadres[0]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(result="consistent", checked_on=TODAY, **values)
    services.finish_check(row, **end, approved_by=cadres[2])
    assert "不提交讨论" not in cast.client("inspector").get("/conduct/checks/").content.decode()


@pytest.mark.parametrize("name", ["secretary", "member", "officer", "leader", "outsider"])
def test_only_two_officers_open_the_register(cast, cadres, name):
    hand_in(cast, cadres[0])
    row = MatterReport.objects.get()
    client = cast.client(name)
    for path in (PAGE, "/conduct/checks/", f"{PAGE}{row.pk}/", f"{PAGE}2018/hand-in/"):
        assert client.get(path).status_code in {403, 404}
    assert cast.client("inspector").get(PAGE).status_code == 200
    assert cast.client("inspector").post(f"{PAGE}2018/hand-in/").status_code == 403


def test_many_are_handed_in_by_ticks_and_by_a_pasted_list(cast, cadres):
    client = cast.client("personnel")
    sent = {"handed_in_on": "2018-01-12", "people": [str(cadres[0].pk)], "pasted": "书记己\n0012"}
    reply = client.post(f"{PAGE}2018/hand-in/", sent, follow=True)
    assert "已登记 3 人" in reply.content.decode()
    assert MatterReport.objects.filter(handed_in_on=D(2018, 1, 12), received_by_label="人事癸").count() == 3
    bad = client.post(f"{PAGE}2018/hand-in/", {"handed_in_on": "2018-01-12", "pasted": "无此人、干事壬"})
    assert bad.status_code == 422
    assert "人员库里没有“无此人”" in bad.content.decode()
    assert "无此人、干事壬" in bad.content.decode()
    with clock.at(LATE):
        assert (
            "应报 <strong>3</strong> 人，已报告 <strong>3</strong> 人。" in client.get(PAGE).content.decode()
        )


def test_a_list_that_says_another_day_says_what_was_noted(cast, cadres):
    hand_in(cast, cadres[0], on=D(2018, 1, 10))
    importer = imports.get("conduct.matters")
    table = f"姓名,报告日期\n{cadres[0].name},2018-01-12\n".encode()
    reading = read_table(table, "报告.csv", importer.schema(cast.bureau.pk))
    (line,) = importer.run(reading, cast.actor("personnel"), write=True).lines
    assert line.what is imports.What.SAME
    assert "系统里已登记2018-01-10，表里的日期没有采用" in line.text
    assert MatterReport.objects.get().handed_in_on == D(2018, 1, 10)


def test_the_frame_of_a_draw_is_told_and_leaves_with_the_sum_of_everybody(cast, cadres):
    gone = cadres[1]
    gone.left_on = D(2018, 2, 10)
    gone.save()
    client = cast.client("personnel")
    with clock.at(D(2018, 2, 20)):
        services.draw_checks(
            year=2018, seed="当众", drawn_on=D(2018, 2, 20), kinds=["report"], by=cast.actor("personnel")
        )
        page = client.get("/conduct/checks/").content.decode()
        assert (
            f"总体2人，按10%抽1人（不足一人的算一人），口令“当众”。应报的人里，{gone}在抽取以前已经离岗"
            in page
        )
        text = client.get("/conduct/checks/?frame=csv").content.decode("utf-8-sig")
        early = client.get("/conduct/checks/?year=2019").content.decode()
    lines = [line.split(",") for line in text.strip().splitlines()[1:]]
    assert {line[0] for line in lines} == {one.staff_no for one in cadres if one != gone}
    for number, _, told, _ in lines:
        assert told == hashlib.sha256(f"当众|{number}".encode()).hexdigest()
    assert [line[3] for line in lines] == ["抽中", ""], "the smallest sum is drawn"
    assert "2019年的名单按2018年12月31日的职级定，还没有到" in early


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, cadres, django_assert_num_queries, number):
    services.draw_checks(year=2018, seed="甲", drawn_on=TODAY, kinds=["report"], by=cast.actor("personnel"))
    hand_in(cast, *cadres[:number])
    services.propose_checks(
        people=cadres[:number], drawn_on=D(2018, 1, 14), kinds=["file"], by=cast.actor("personnel")
    )
    client = cast.client("personnel")
    with django_assert_num_queries(9):
        assert client.get(PAGE).status_code == 200
    with django_assert_num_queries(10):
        assert client.get("/conduct/checks/").status_code == 200


def test_who_was_drawn_is_flagged_before_a_promotion_all_the_same(cast, cadres):
    by = cast.actor("personnel")
    drawn = services.draw_checks(year=2018, seed="当众", drawn_on=TODAY, kinds=["report"], by=by)
    (row,) = services.propose_checks(people=[drawn[0].person], drawn_on=TODAY, kinds=["report"], by=by)
    assert (row.reason, row.drawn_on) == ("promotion", drawn[0].drawn_on)
    page = cast.client("inspector").get("/conduct/checks/").content.decode()
    assert f"有结果以前不提交讨论：{row.person.name}" in page


def test_a_check_of_somebody_named_by_mistake_is_taken_back(cast, cadres):
    by, client = cast.actor("personnel"), cast.client("personnel")
    drawn = services.draw_checks(year=2018, seed="当众", drawn_on=TODAY, kinds=["report"], by=by)
    wrong, done = services.propose_checks(people=cadres[:2], drawn_on=TODAY, kinds=["file"], by=by)
    services.finish_check(done, result="consistent", checked_on=TODAY, approved_by=cadres[2], by=by)
    page = client.get("/conduct/checks/").content.decode()
    assert page.count("/remove/") == 1
    assert "操作日志保留" in client.get(f"/conduct/checks/{wrong.pk}/remove/").content.decode()
    said = {drawn[0]: "随机抽取的不能撤销", done: "已有结果（一致）", wrong: "登记已撤销"}
    for row, words in said.items():
        reply = client.post(f"/conduct/checks/{row.pk}/remove/", follow=True)
        assert words in reply.content.decode()
    assert set(PaperCheck.objects.values_list("pk", flat=True)) == {*(row.pk for row in drawn), done.pk}
    assert AuditEvent.objects.filter(verb="conduct.remove_check", object_id=wrong.pk).exists()
    assert cast.client("member").get(f"/conduct/checks/{done.pk}/remove/").status_code == 403
