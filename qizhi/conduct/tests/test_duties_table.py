"""The table of duties of posts: messy in, an error for each cell, twice is once, and out again as it came."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile

from qizhi.conduct.importers.duties import DUTIES, all_duties, run_duties
from qizhi.conduct.models import PostDuty
from qizhi.conduct.services.duties import DutyFacts, add_duties
from qizhi.core import audit, clock
from qizhi.core.imports import What
from qizhi.core.tables.reading import read_table
from qizhi.core.tables.write import write_csv, write_xlsx
from qizhi.org.models import Post, Unit
from qizhi.regulations.models import Regulation, RegulationAlias

D = dt.date
LIST = """示例处岗位职责清单,,,,
处室,岗位名称,主要职责,工作要求,施行日期
示例处,窗口受理,"1.受理申请
2.登记",着装规范,2017.1.1
,综合科科长,主持科内工作,,2017年3月1日
"""


@pytest.fixture
def by(cast):
    return cast.actor("personnel")


def run(by, text, *, write=True):
    return run_duties(read_table(text.encode("utf-8-sig"), "表.csv", DUTIES), by, write=write)


def said(outcome):
    return [(error.cell, error.column_label, error.reason) for error in outcome.errors]


def counts(outcome):
    return tuple(outcome.count(what) for what in (What.NEW, What.CHANGED, What.SAME))


def stored():
    rows = PostDuty.objects.order_by("name", "from_on")
    return [(row.name, row.duties, str(row.from_on), str(row.to_on or "")) for row in rows]


def test_a_list_as_the_office_has_it_comes_in_once(cast, by):
    preview = run(by, LIST, write=False)
    assert (said(preview), counts(preview), PostDuty.objects.count()) == ([], (2, 0, 0), 0)
    assert preview.lines[0].text == "示例处：窗口受理（自2017年1月1日）"
    assert counts(run(by, LIST)) == (2, 0, 0)
    assert stored() == [
        ("窗口受理", "1.受理申请\n2.登记", "2017-01-01", ""),
        ("综合科科长", "主持科内工作", "2017-03-01", ""),
    ]
    assert PostDuty.objects.get(name="窗口受理").demands == "着装规范"
    again = run(by, LIST)
    assert (said(again), counts(again)) == ([], (0, 0, 2))
    assert PostDuty.objects.count() == 2


def test_other_words_from_a_day_end_the_old_ones_in_any_order(cast, by):
    table = (
        "处室,岗位,岗位职责,起始日期,截止日期\n"
        "示例处,窗口,受理和办结,2018-01-01,\n"
        "示例处,窗口,受理,2017-01-01,\n"
        "示例处,巡查,巡查,2017-01-01,2017-06-30\n"
    )
    assert counts(run(by, table, write=False)) == (3, 0, 0)
    assert counts(run(by, table)) == (3, 0, 0)
    assert stored() == [
        ("巡查", "巡查", "2017-01-01", "2017-06-30"),
        ("窗口", "受理", "2017-01-01", "2017-12-31"),
        ("窗口", "受理和办结", "2018-01-01", ""),
    ]
    assert counts(run(by, table)) == (0, 0, 3)
    ended = run(by, "处室,岗位,岗位职责,起始日期,截止日期\n示例处,窗口,受理和办结,2018-01-01,2018-01-10\n")
    assert counts(ended) == (0, 1, 0)
    assert stored()[-1][-1] == "2018-01-10"


def test_without_a_day_the_same_words_are_the_same_and_others_begin_today(cast, by):
    add_duties(DutyFacts(cast.department, "窗口", D(2017, 1, 1), "受理\n登记", "着装"), by=by)
    same = '处室,岗位,岗位职责\n示例处,窗口,"受理\n登记"\n'
    assert counts(run(by, same)) == (0, 0, 1)
    other = "处室,岗位,岗位职责\n示例处,窗口,受理\n"
    assert counts(run(by, other)) == (1, 0, 0)
    assert stored()[-1] == ("窗口", "受理", "2018-01-15", "")
    with clock.at(D(2018, 2, 1)):
        assert counts(run(by, other)) == (0, 0, 1)


def test_each_wrong_cell_is_told_and_nothing_is_half_done(cast, by):
    add_duties(DutyFacts(cast.department, "窗口", D(2017, 6, 1), "受理"), by=by)
    table = (
        "处室,岗位,岗位职责,依据,起始日期,截止日期\n"
        "没有的处,甲,做甲,,2017-01-01,\n"
        "示例处,窗口,另外的话,,2017-06-01,\n"
        "示例处,窗口,更早,,2017-05-01,\n"
        "示例处,乙,做乙,《没有的制度》,2017-01-01,\n"
        "示例处,丙,做丙,,2017-01-01,2016-12-31\n"
        "示例处,丁,,,2017-02-30,\n"
        "示例处,戊,做戊,,2017-01-01,\n"
    )
    outcome = run(by, table, write=False)
    assert sorted(said(outcome)) == [
        ("A2", "处室", "没有名为“没有的处”的处室"),
        ("C3", "岗位职责", "2017年6月1日起的清单已登记，内容不同"),
        ("C7", "岗位职责", "没有填写"),
        ("D5", "依据", "制度库里没有“《没有的制度》”"),
        ("E4", "起始日期", "这个岗位已有2017年6月1日起的清单"),
        ("E7", "起始日期", "2017年2月没有30日"),
        ("F6", "截止日期", "截止日期早于起始日期"),
    ]
    assert counts(outcome) == (1, 0, 0)
    assert PostDuty.objects.count() == 1
    late = "处室,岗位,岗位职责,起始日期,截止日期\n示例处,窗口,受理,2017-06-01,{}\n"
    run(by, late.format("2017-12-31"))
    assert said(run(by, late.format("2018-01-31")))[0][2] == "这份清单到2017年12月31日为止，不能再延后"


def test_a_paper_is_found_by_any_of_its_names(cast, by):
    paper = Regulation.objects.create(
        bureau=cast.bureau, code="posts", title="岗位管理办法", doc_no="示检人〔2016〕3号", issuer="本局"
    )
    RegulationAlias.objects.create(bureau=cast.bureau, regulation=paper, name="岗位办法")
    for number, word in enumerate(("《岗位管理办法》", "岗位办法", "示检人〔2016〕3号")):
        run(by, f"处室,岗位,岗位职责,依据,起始日期\n示例处,岗{number},做事,{word},2017-01-01\n")
    assert {row.regulation for row in PostDuty.objects.all()} == {paper}


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_goes_out_comes_back_here_and_into_an_empty_copy(cast, by, write):
    run(by, LIST)
    run(by, "处室,岗位,岗位职责,施行日期\n示例处,窗口受理,受理和办结,2018-01-01\n")
    rows = list(all_duties(by))
    file = write(DUTIES, rows)
    again = run_duties(read_table(file, "导出", DUTIES), by, write=True)
    assert (said(again), counts(again)) == ([], (0, 0, 3))
    PostDuty.objects.all().delete()
    made = run_duties(read_table(file, "导出", DUTIES), by, write=True)
    assert (said(made), counts(made)) == ([], (3, 0, 0))
    assert list(all_duties(by)) == rows


def test_a_head_brings_the_own_department_alone(cast, by):
    person = cast.person("member")
    make = {"bureau": cast.bureau, "person": person, "from_on": D(2015, 1, 1)}
    Post.objects.create(**make, unit=cast.department, role="department_head")
    Unit.objects.create(
        bureau=cast.bureau,
        kind="department",
        code="d2",
        name="另外处",
        parent=cast.root,
        path="b/d2/",
        from_on=D(2015, 1, 1),
    )
    head = cast.actor("member")
    outcome = run(
        head, "处室,岗位,岗位职责,起始日期\n示例处,窗口,受理,2017-01-01\n另外处,窗口,受理,2017-01-01\n"
    )
    assert said(outcome) == [("A3", "处室", "“另外处”不由您登记")]
    assert [row["unit"] for row in all_duties(head)] == ["示例处"]


def test_the_pages_lead_from_the_list_to_the_rows(cast):
    client = cast.client("personnel")
    assert "/tables/conduct.post_duties/upload/" in client.get("/conduct/post-duties/").content.decode()
    assert client.get("/tables/conduct.post_duties/template/").status_code == 200
    for _ in range(2):
        draft = client.post(
            "/tables/conduct.post_duties/upload/", {"file": ContentFile(LIST.encode(), name="岗位.csv")}
        )
        assert draft.status_code == 302
        assert client.post(draft.url, {"yes": "1"}).status_code == 302
    assert PostDuty.objects.count() == 2
    assert [one.what for one in audit.tell(PostDuty.objects.get(name="窗口受理"))] == ["登记"]
    exported = client.get("/tables/conduct.post_duties/export/?format=csv").content.decode("utf-8-sig")
    assert "综合科科长" in exported
    assert cast.client("officer").get("/tables/conduct.post_duties/upload/").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_a_check_asks_the_same_number_of_queries(cast, by, django_assert_num_queries, number):
    for one in range(number):
        add_duties(DutyFacts(cast.department, f"岗{one}", D(2017, 1, 1), "做事"), by=by)
    rows = "".join(f"示例处,岗{one},做事,2017-01-01\n" for one in range(number))
    with django_assert_num_queries(3):
        run(by, f"处室,岗位,岗位职责,起始日期\n{rows}", write=False)
