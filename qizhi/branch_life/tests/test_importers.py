"""The tables of contacts and talks come in, go out, and come in again without a change."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.branch_life.importers import CONTACTS, TALKS, run_contacts, run_talks
from qizhi.branch_life.models import Contact, Talk
from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.tables import read_table, write_csv

CONTACT_TABLE = (
    "联系人,党支部,类别,每年计划旁听次数,起始日期,截止日期\n"
    "局长丑,第一党支部,联系旁听,2,2018-01-01,\n"
    "局长丑,第二党支部,一岗双责,,2018-01-01,2018-03-31\n"
)
TALK_TABLE = (
    "党支部,日期,谈话人,谈话对象,谈话内容\n"
    "第一党支部,2018-03-05,书记甲,党员丁,家里的事\n"
    "第一党支部,2018年2月,委员乙,委员丙,\n"
)


def contacts(cast, text=CONTACT_TABLE, who="officer", *, write=True):
    return run_contacts(read_table(text.encode(), "联系点.csv", CONTACTS), cast.actor(who), write=write)


def talks(cast, text=TALK_TABLE, who="secretary", *, write=True):
    return run_talks(read_table(text.encode(), "谈话.csv", TALKS), cast.actor(who), write=write)


def kinds(outcome):
    return [line.what for line in outcome.lines]


def test_contacts_come_in_once(cast, april):
    assert kinds(contacts(cast, write=False)) == [What.NEW] * 2
    assert not Contact.objects.exists()
    contacts(cast)
    second = Contact.objects.get(unit=cast.second)
    assert (second.kind, second.to_on, second.visits_a_year) == ("guidance", dt.date(2018, 3, 31), None)
    assert kinds(contacts(cast)) == [What.SAME] * 2
    assert kinds(contacts(cast, CONTACT_TABLE.replace(",2,", ",3,"))) == [What.CHANGED, What.SAME]
    assert Contact.objects.get(unit=cast.first).visits_a_year == 3
    out = write_csv(CONTACTS, imports.get("branch_life.contacts").export(cast.actor("officer")))
    assert kinds(contacts(cast, out.decode("utf-8-sig"))) == [What.SAME] * 2


def test_talks_come_in_once_and_their_content_stays_outside(cast, april):
    assert kinds(talks(cast, write=False)) == [What.NEW] * 2
    assert not Talk.objects.exists()
    talks(cast)
    assert [talk.day_label for talk in Talk.objects.order_by("held_on")] == ["2018年2月", "2018年3月5日"]
    assert kinds(talks(cast)) == [What.SAME] * 2
    out = write_csv(TALKS, imports.get("branch_life.talks").export(cast.actor("secretary")))
    assert "家里的事" not in out.decode("utf-8-sig")
    assert kinds(talks(cast, out.decode("utf-8-sig"))) == [What.SAME] * 2


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("第二党支部,2018-03-05,书记己,党员庚,", "unit"),
        ("第九党支部,2018-03-05,书记甲,党员丁,", "unit"),
        ("第一党支部,2018-05-05,书记甲,党员丁,", "held_on"),
        ("第一党支部,2018-03-05,书记甲,党员庚,", "held_on"),
        ("第一党支部,2018-03-05,书记甲,书记甲,", "other"),
        ("第一党支部,2018-03-05,没有此人,党员丁,", "one"),
    ],
)
def test_each_bad_row_says_where(cast, april, row, key):
    outcome = talks(cast, f"{TALK_TABLE}{row}\n", write=False)
    (error,) = outcome.errors
    labels = {column.key: column.label for column in TALKS.columns}
    assert (error.row, error.column_label) == (4, labels[key])
    assert len(outcome.lines) == 2


@pytest.mark.parametrize(
    "row",
    [
        "没有此人,第一党支部,,,2018-01-01,",
        "局长丑,,,,2018-01-01,",
        "局长丑,第一党支部,,,2018-02-01,2018-01-01",
    ],
)
def test_bad_contacts_are_not_brought(cast, april, row):
    outcome = contacts(cast, f"{CONTACT_TABLE.splitlines()[0]}\n{row}\n", write=False)
    assert len(outcome.errors) == 1
    assert outcome.lines == []
