"""Contests, banks and plans against what was held as files: the rows of the pages, and no other branch's."""

from __future__ import annotations

import csv
import datetime as dt
import io

from django.urls import reverse

from qizhi.study.models import Bank, BankQuestion, Contest
from qizhi.tasks.models import Plan, PlanItem


def rows_of(client, address, **asked):
    assert "format=csv" in client.get(address, asked).content.decode()
    answer = client.get(address, {**asked, "format": "csv"})
    assert answer["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_plans_against_what_was_held_go_out_for_the_own_branch_alone(cast):
    own = {"bureau": cast.bureau}
    for unit in (cast.first, cast.second):
        plan = Plan.objects.create(**own, unit=unit, year=2017, purpose="branch_study", name="计划")
        PlanItem.objects.create(**own, plan=plan, month=1, topic="学习", ledger="lesson")
    address = reverse("study:bureau")
    (row,) = rows_of(cast.client("secretary"), address, year="2017")
    assert (row["组织"], row["计划"], row["已开展"], row["未开展"]) == ("第一党支部", "1", "0", "1")
    page = cast.client("officer").get(address, {"year": "2017"})
    rows = rows_of(cast.client("officer"), address, year="2017")
    assert [row["组织"] for row in rows] == [unit.name for unit, _, _ in page.context["rows"]]
    assert [row["说明"] for row in rows if row["组织"] == "党组理论学习中心组"] == ["未编制"]


def test_contests_and_banks_go_out_on_all_their_pages(cast):
    own = {"bureau": cast.bureau}
    for number in range(31):
        Contest.objects.create(**own, name=f"竞赛{number:02}", held_on=dt.date(2017, 5, 4))
    rows = rows_of(cast.client("member"), reverse("study:contests"))
    assert [row["名称"] for row in rows] == [f"竞赛{number:02}" for number in range(31)]
    bank = Bank.objects.create(**own, name="党章题库", is_open=True)
    BankQuestion.objects.create(**own, bank=bank, shape="short", text="题", accepted=["答"])
    (row,) = rows_of(cast.client("officer"), reverse("study:banks"))
    assert (row["名称"], row["题目"], row["已停用"], row["自测"]) == ("党章题库", "1", "0", "开放")
    assert cast.client("member").get(reverse("study:banks"), {"format": "csv"}).status_code == 403
    other = cast.client("outsider").get(reverse("study:contests"), {"format": "csv"})
    assert "竞赛00" not in other.content.decode("utf-8-sig")
