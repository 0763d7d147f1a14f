"""The study file of a centre group for a year (CG-03): parts, page, paper, closing, screen and findings."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from django.urls import reverse

from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.core.ids import new_id
from qizhi.gatherings.models import Gathering, Visitor
from qizhi.org.models import Post, Unit
from qizhi.regulations.enums import Subject, VersionStatus
from qizhi.regulations.kinds import Look, ParameterError, Standing, kind_by_key
from qizhi.regulations.models import Clause, Regulation, Version
from qizhi.study.models import YearFile
from qizhi.study.queries.year_files import file_of
from qizhi.study.rules.year_files import filed_until
from qizhi.study.services.year_files import close_file, reopen_file
from qizhi.tasks.enums import Purpose
from qizhi.tasks.services import ItemValues, create_plan

D = dt.date
YEAR = periods.year(2018)
LATER, LATE = D(2019, 1, 25), D(2019, 4, 1)


@pytest.fixture
def asked(cast):
    """The clause in force since 2016, with its defaults."""
    regulation = Regulation.objects.create(bureau=cast.bureau, code="own", title="学习规则", issuer="本局")
    version = Version.objects.create(
        bureau=cast.bureau,
        regulation=regulation,
        label="试行",
        effective_from=D(2016, 1, 1),
        loaded_from="例",
    )
    clause = Clause.objects.create(
        bureau=cast.bureau,
        version=version,
        key="CG-03",
        number="第九条",
        text="原文",
        kind="year_file",
        subject=Subject.PARTY_GROUP,
    )
    version.status = VersionStatus.PUBLISHED
    version.save()
    return clause


def secretary_since(cast, day):
    return Post.objects.create(
        bureau=cast.bureau,
        unit=cast.centre_group,
        person=cast.person("inspector"),
        role="study_secretary",
        from_on=day,
    )


def audited(gathering):
    Visitor.objects.create(bureau=gathering.bureau, gathering=gathering, guest_name="上级某", role="auditor")


@pytest.fixture
def whole(cast, asked, hold, centre_plan):
    """Plan, secretary, two sessions, one of them audited: everything but the closing."""
    secretary_since(cast, D(2015, 1, 1))
    hold(cast.centre_group, D(2018, 1, 9), "centre-study", title="学习十九大报告")
    audited(hold(cast.centre_group, D(2018, 3, 6), "centre-study", "centre-discussion", title="学习新党章"))
    return cast.centre_group


def states(unit, as_of=LATER):
    return {one.label: one.state.value for one in file_of(unit, YEAR, as_of).parts}


def page(unit, **query):
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{reverse('study:year_file', args=[unit.pk])}?{words}"


def test_each_part_comes_from_records(cast, whole):
    assert states(whole) == {
        "学习秘书": "done",
        "学习计划": "done",
        "学习考勤": "done",
        "列席旁听": "done",
        "年度归档": "due",
    }
    assert states(whole, LATE)["年度归档"] == "missing"


def test_what_lacks_is_told_with_its_days(cast, asked, april):
    nothing = file_of(cast.centre_group, YEAR, LATER)
    assert [one.words for one in nothing.parts] == [
        "没有登记在任的学习秘书",
        *("还没有登记过活动",) * 3,
        "还没有归档",
    ]
    assert states(cast.centre_group)["学习计划"] == "unknown"


def test_a_session_without_secretary_roll_or_auditor(cast, asked, hold, centre_plan):
    hold(cast.centre_group, D(2018, 1, 9), "centre-study")
    secretary_since(cast, D(2018, 1, 10))
    month = hold(cast.centre_group, D(2018, 2, 6), "centre-study")
    Gathering.objects.filter(pk=month.pk).update(precision="month", held_on=D(2018, 2, 1))
    told = {one.label: one.words for one in file_of(cast.centre_group, YEAR, LATER).parts}
    assert told["学习秘书"] == "2018年1月9日学习时没有登记在任的学习秘书"
    assert told["学习考勤"] == "2018年2月1日没有应到人员或人数"
    assert told["列席旁听"] == "没有旁听的记录"
    Gathering.objects.filter(pk=month.pk).update(due_total=9, present_total=8)
    assert states(cast.centre_group)["学习考勤"] == "done", "numbers from paper are attendance"


def test_months_end_on_their_last_day():
    assert filed_until(YEAR, 3) == D(2019, 3, 31)
    assert filed_until(YEAR, 2) == D(2019, 2, 28)
    assert filed_until(YEAR, 12) == D(2019, 12, 31)


def test_closing_is_refused_while_something_lacks_and_undone_with_a_reason(cast, whole):
    by = cast.actor("officer")
    with pytest.raises(Refused, match="过完以后"):
        close_file(unit=whole, year=YEAR, closed_on=D(2018, 4, 20), by=by)
    Visitor.objects.all().delete()
    with clock.at(LATER):
        with pytest.raises(Refused, match="列席旁听：没有旁听的记录"):
            close_file(unit=whole, year=YEAR, closed_on=LATER, by=by)
        audited(Gathering.objects.get(title="学习新党章"))
        with pytest.raises(Refused, match="过完以后"):
            close_file(unit=whole, year=YEAR, closed_on=D(2019, 1, 26), by=by)
        row = close_file(unit=whole, year=YEAR, closed_on=LATER, by=by)
        with pytest.raises(Refused, match="已于2019年1月25日归档"):
            close_file(unit=whole, year=YEAR, closed_on=LATER, by=by)
        assert states(whole)["年度归档"] == "done"
        with pytest.raises(Refused, match="理由"):
            reopen_file(row, because=" ", by=by)
        reopen_file(row, because="漏记一次学习", by=by)
        with pytest.raises(Refused, match="已于2019年1月25日取消"):
            reopen_file(row, because="再来", by=by)
        assert states(whole)["年度归档"] == "due"
        close_file(unit=whole, year=YEAR, closed_on=LATER, by=by)
    assert YearFile.objects.count() == 2
    assert [one.what for one in audit.tell(row)] == ["取消归档", "归档"]


def test_what_was_corrected_after_the_closing_shows(cast, whole, hold):
    with clock.at(LATER):
        close_file(unit=whole, year=YEAR, closed_on=LATER, by=cast.actor("officer"))
        assert file_of(whole, YEAR, LATER).changed == []
        hold(whole, D(2018, 9, 4), "centre-study")
        changed = file_of(whole, YEAR, LATER).changed
    assert changed == [("学习考勤", "2次学习都有考勤", "3次学习都有考勤")]


def test_the_page_tells_each_part_with_one_step_and_closes(cast, whole):
    Visitor.objects.all().delete()
    client = cast.client("officer")
    with clock.at(LATER):
        text = client.get(page(whole, year=2018)).content.decode()
        assert "还缺 <strong>1</strong> 项：列席旁听" in text
        assert "补记旁听" in text
        assert "学习新党章" in text
        close = f"{reverse('study:year_file_close', args=[whole.pk])}?year=2018"
        given = {"closed_on": "2019-01-25", "id": str(new_id())}
        refused = client.post(close, given)
        assert refused.status_code == 422
        assert "没有旁听的记录" in refused.content.decode()
        audited(Gathering.objects.get(title="学习新党章"))
        assert "可以归档" in client.get(page(whole, year=2018)).content.decode()
        assert client.post(close, given).status_code == 302
        row = YearFile.objects.get()
        reopen = reverse("study:year_file_reopen", args=[row.pk])
        assert "取消归档" in client.get(page(whole, year=2018)).content.decode()
        assert client.post(reopen, {"because": ""}).status_code == 422
        assert client.post(reopen, {"because": "漏记一次"}).status_code == 302
        told = client.get(page(whole, year=2018)).content.decode()
    assert "漏记一次" in told


def test_a_year_without_anything_opens(cast, april):
    text = cast.client("officer").get(page(cast.centre_group, year=2017)).content.decode()
    assert "没有关于学习档案的条款" in text
    assert "没有登记学习活动" in text
    bureau = cast.client("officer").get("/study/").content.decode()
    assert page(cast.centre_group, year=2018) in bureau


@pytest.mark.parametrize(
    ("who", "status"),
    [("leader", 200), ("inspector", 200), ("secretary", 404), ("member", 403), ("outsider", 404)],
)
def test_who_sees_the_file(cast, whole, who, status):
    assert cast.client(who).get(page(whole)).status_code == status


def test_a_branch_has_no_such_file_and_a_leader_does_not_close_it(cast, whole):
    assert cast.client("officer").get(page(cast.first)).status_code == 404
    assert cast.client("leader").get(reverse("study:year_file_close", args=[whole.pk])).status_code == 403
    closes = cast.client("inspector").get(reverse("study:year_file_close", args=[whole.pk]))
    assert closes.status_code == 200, "the study secretary of the centre group"


def test_files_to_keep(cast, whole):
    client = cast.client("officer")
    csv = client.get(page(whole, year=2018, format="csv")).content.decode("utf-8-sig")
    assert "学习新党章,2,2" in csv.replace("，", ",") or "学习新党章,3,3" in csv
    docx = client.get(page(whole, year=2018, format="docx"))
    with zipfile.ZipFile(io.BytesIO(docx.content)) as book:
        words = book.read("word/document.xml").decode()
    for text in ("档案各项", "学习计划", "学习考勤", "学习新党章", "上级某", "列席旁听"):
        assert text in words
    empty = client.get(page(whole, year=2016, format="docx"))
    assert empty.status_code == 200


def lines_of(cast, as_of):
    look = Look(cast.bureau.pk, (cast.centre_group,), YEAR, as_of)
    kind = kind_by_key("year_file")
    (line,) = kind.outlook(
        list(Clause.objects.filter(kind="year_file").select_related("version__regulation")), look
    )
    return line.prospects[0]


def scanned(cast, clause, as_of=LATE):
    kind = kind_by_key("year_file")
    ask = Ask(cast.bureau.pk, YEAR, as_of)
    clause = Clause.objects.select_related("version__regulation").get(pk=clause.pk)
    return [
        (judged.verdict.value, kind.sentence(clause, fact, judged), kind.place(fact, ask).address)
        for fact in kind.scan(clause, ask)
        for judged in [kind.judge(kind.read(clause.parameters), fact)]
    ]


def test_the_one_screen_tells_it_before_it_is_over(cast, whole, asked):
    told = lines_of(cast, D(2018, 4, 20))
    assert (told.state, told.said) == (Standing.DUE, "未到期")
    assert told.until == D(2019, 3, 31)
    assert told.steps == (), "nothing can be closed before the year is over"
    assert [step.label for step in lines_of(cast, LATER).steps] == ["归档", "看学习档案"]
    late = lines_of(cast, LATE)
    assert (late.state, late.said) == (Standing.MISSING, "缺年度归档")
    Visitor.objects.all().delete()
    lacking = lines_of(cast, LATER)
    assert (lacking.state, lacking.said) == (Standing.MISSING, "缺列席旁听")
    assert [step.label for step in lacking.steps] == ["补记旁听", "看学习档案"]
    assert "/correct/" in lacking.steps[0].address


def test_findings_name_what_lacks_once_the_year_is_over(cast, whole, asked):
    assert scanned(cast, asked, D(2018, 12, 31)) == []
    assert scanned(cast, asked, LATER) == [], "there is still time to close it"
    ((verdict, sentence, address),) = scanned(cast, asked)
    assert verdict == "violated"
    assert sentence == (
        "党组理论学习中心组2018年：年度学习档案应有学习秘书、学习计划、学习考勤、列席旁听、年度归档；"
        "年度归档：还没有归档。依据《学习规则》第九条。"
    )
    assert cast.client("officer").get(address).status_code == 200
    with clock.at(LATER):
        close_file(unit=whole, year=YEAR, closed_on=LATER, by=cast.actor("officer"))
    assert scanned(cast, asked) == []


def test_a_group_of_less_than_a_year_owes_nothing(cast, whole, asked):
    Unit.objects.filter(pk=whole.pk).update(from_on=D(2018, 1, 2))
    whole.refresh_from_db()
    cast.centre_group.refresh_from_db()
    assert lines_of(cast, LATE).state is Standing.NA
    assert scanned(cast, asked) == []
    assert "不满一年" in file_of(whole, YEAR, LATE).why_not


def test_it_asks_the_party_group_alone(cast, asked):
    clause = Clause(kind="year_file", subject=Subject.BRANCH, parameters={}, version=asked.version)
    with pytest.raises(ParameterError, match="党组"):
        list(kind_by_key("year_file").scan(clause, Ask(cast.bureau.pk, YEAR, LATE)))


@pytest.mark.parametrize("number", [1, 3])
def test_statements_do_not_grow_with_sessions(cast, whole, hold, number, django_assert_num_queries):
    for day in range(number):
        audited(hold(whole, D(2018, 4, 3 + day), "centre-study"))
    client = cast.client("officer")
    client.get(page(whole, year=2018))
    with django_assert_num_queries(7):
        lines_of(cast, LATE)
    with django_assert_num_queries(25):
        client.get(page(whole, year=2018))


def test_a_plan_given_up_is_no_plan(cast, asked, april):
    items = [ItemValues(1, "学习党章", None, "", None, "取消了")]
    plan = create_plan(
        unit=cast.centre_group, year=2018, purpose=Purpose.CENTRE_STUDY, items=items, by=cast.actor("officer")
    )
    found = file_of(cast.centre_group, YEAR, LATER)
    assert {one.label: one.words for one in found.parts}["学习计划"] == "学习计划里没有内容"
    assert found.known.plan_id == plan.pk
