"""The three lists come in as a table, go out, and come in again without a change."""

from __future__ import annotations

import pytest

from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.tables import read_table, write_csv
from qizhi.tasks.importers import run_items
from qizhi.tasks.models import Duty, DutyList

TABLE = (
    "2018年责任清单,,,,\n"
    "内容,依据,责任人,完成时限,对应指标,全年至少\n"
    "讲一次党课,,支部书记,2018-12-31,,\n"
    "管好党费,,党员丁,2018年6月30日,,\n"
)


def run(cast, text=TABLE, who="officer", *, write=False):
    importer = imports.get("tasks.items")
    reading = read_table(text.encode(), "清单.csv", importer.schema(cast.bureau.pk))
    return run_items(reading, cast.actor(who), write=write)


def whats(outcome):
    assert outcome.errors == []
    return [line.what for line in outcome.lines]


def test_a_list_is_written_once_corrected_and_goes_out_again(cast):
    told = run(cast)
    assert whats(told) == [What.NEW] * 2
    assert "新的清单，适用全部2个党支部" in told.notes[0]
    assert not DutyList.objects.exists()
    run(cast, write=True)
    made = DutyList.objects.get()
    assert (made.year, made.kind, made.issued_on, made.issuer) == (
        2018,
        "responsibility",
        None,
        cast.committee,
    )
    lesson, dues = made.duties.order_by("position")
    assert (lesson.owner_role, dues.owner, lesson.parts.count()) == ("secretary", cast.person("member"), 2)
    assert whats(run(cast, write=True)) == [What.SAME] * 2
    changed = TABLE.replace("2018-12-31", "2018-11-30") + "新的一项,,,,,\n"
    assert whats(run(cast, changed, write=True)) == [What.CHANGED, What.SAME, What.NEW]
    assert Duty.objects.filter(duty_list=made).count() == 3
    importer = imports.get("tasks.items")
    out = write_csv(importer.schema(cast.bureau.pk), importer.export(cast.actor("officer")))
    assert whats(run(cast, out.decode("utf-8-sig"), write=True)) == [What.SAME] * 3


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("责任清单", "清单", "类别"),
        ("2018年责任清单", "责任清单", "年度"),
        ("讲一次党课,,", "讲一次党课,《没有的制度》第三条,", "依据"),
        (",支部书记,", ",没有此人,", "责任人"),
        ("管好党费", "讲一次党课", "内容"),
        ("责任清单", "负面清单", "期限"),
        ("2018-12-31,,", "2018-12-31,,3", "对应指标"),
    ],
)
def test_each_bad_row_says_where(cast, old, new, column):
    found = run(cast, TABLE.replace(old, new)).errors
    assert found
    assert {error.column_label for error in found} == {column}
