"""Exemptions come in as a table, go out, and come in again without a change; those given together end together."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qizhi.branch_life.tests.test_exemptions_alike import posted
from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.tables import read_table, write_csv
from qizhi.regulations.importers import EXEMPTIONS, run_exemptions
from qizhi.regulations.models import Exemption

HEAD = "党支部,条款,起始日期,截止日期,免除理由,批准,批准日期,撤销日期\n"
ROW = "第一党支部,congress,2018-01-01,2018-03-31,全员驻村防汛,机关党委会议,2018-01-10,\n"
WITHDRAWN = "第二党支部,congress,2018-01-01,2018-03-31,全员驻村防汛,机关党委会议,2018-01-10,2018-02-01\n"


def run(cast, text, who="officer", *, write=False):
    return run_exemptions(read_table(text.encode(), "免除.csv", EXEMPTIONS), cast.actor(who), write=write)


def whats(outcome):
    return [line.what for line in outcome.lines]


@pytest.mark.usefixtures("april", "rules")
def test_a_table_is_taken_over_once_corrected_by_its_first_day_and_goes_out_again(cast):
    assert whats(run(cast, HEAD + ROW + WITHDRAWN)) == [What.NEW, What.SAME]
    assert not Exemption.objects.exists()
    run(cast, HEAD + ROW + WITHDRAWN, write=True)
    row = Exemption.objects.get()
    assert (row.unit, row.recorded_by_label) == (cast.first, cast.actor("officer").label)
    assert whats(run(cast, HEAD + ROW, write=True)) == [What.SAME]
    changed = HEAD + ROW.replace("2018-03-31", "2018-06-30")
    assert whats(run(cast, changed)) == [What.CHANGED]
    run(cast, changed, write=True)
    assert str(Exemption.objects.get().to_on) == "2018-06-30"
    out = write_csv(EXEMPTIONS, imports.get("regulations.exemptions").export(cast.actor("officer")))
    assert whats(run(cast, out.decode("utf-8-sig"), write=True)) == [What.SAME]


@pytest.mark.usefixtures("april", "rules")
@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (ROW.replace("第一", "第九"), "党支部", "没有名为"),
        (ROW.replace("congress", "no-such"), "条款", "没有编号为"),
        (ROW.replace("2018-03-31", "2018-03-30"), "截止日期", "没有盖住一个完整的周期"),
        (ROW.replace("2018-01-10", "2018-05-10"), "批准日期", "批准日期在今天之后"),
        (ROW.replace("2018-01-01", "2017-10-01"), "起始日期", "与表里另一行的日子重叠"),
    ],
)
def test_each_bad_row_says_where(cast, row, column, reason):
    (error,) = run(cast, HEAD + ROW + row).errors
    assert (error.column_label, error.row) == (column, 3)
    assert reason in error.reason


@pytest.mark.usefixtures("april", "rules")
def test_a_key_of_two_documents_wants_the_document_named(cast, ask_for):
    ask_for("congress", from_on="2017-01-01", counts="congress", every="quarter", at_least=1)
    (error,) = run(cast, HEAD + ROW).errors
    assert "都有这个编号" in error.reason


@pytest.mark.usefixtures("april", "rules")
def test_a_row_takes_along_what_asks_the_same_where_it_says_so_and_is_told_of_it_where_not(cast, ask_for):
    ask_for("twin", counts="congress", every="quarter", at_least=1)
    told = run(cast, HEAD + ROW)
    assert whats(told) == [What.NEW]
    assert "第2行还有twin" in told.notes[-1]
    head, row = HEAD.replace("\n", ",要求相同的条款\n"), ROW.replace("\n", ",一并免除\n")
    both = run(cast, head + row, write=True)
    assert [line.text for line in both.lines] == [
        "第一党支部免除congress",
        "第一党支部免除twin（要求相同，一并免除）",
    ]
    assert Exemption.objects.count() == 2
    assert whats(run(cast, head + row, write=True)) == [What.SAME, What.SAME]
    longer = head + row.replace("2018-03-31", "2018-06-30")
    assert whats(run(cast, longer, write=True)) == [What.CHANGED, What.CHANGED]
    named = HEAD + ROW.replace("第一", "第二") + ROW.replace("第一", "第二").replace("congress", "twin")
    assert not run(cast, named).notes, "another row names it"


@pytest.mark.usefixtures("april")
def test_what_was_given_together_is_withdrawn_together_unless_one_chooses(cast, rules, ask_for):
    twin = ask_for("other", counts="congress", every="quarter", at_least=1)
    officer = cast.client("officer")
    both = {"alike": [twin.pk], "seen": str(twin.pk)}
    officer.post(reverse("regulations:exemption_new"), posted(rules[0], cast.first) | both)
    first, _ = Exemption.objects.order_by("clause__key")
    page = reverse("regulations:exemption_withdraw", args=[first.pk])
    assert "一并撤销：congress、other" in officer.get(page).content.decode()
    said = officer.post(page, {"because": "已经返岗", "together": "all"}, follow=True).content.decode()
    assert "一并撤销other" in said
    assert not Exemption.objects.standing().exists()
    officer.post(reverse("regulations:exemption_new"), posted(rules[0], cast.first) | both)
    one = Exemption.objects.standing().get(clause=rules[0])
    officer.post(
        reverse("regulations:exemption_withdraw", args=[one.pk]), {"because": "已经返岗", "together": "one"}
    )
    assert [row.clause.key for row in Exemption.objects.standing()] == ["other"]
