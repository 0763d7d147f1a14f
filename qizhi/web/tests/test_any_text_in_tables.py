"""Any text in any cell of any table is answered: with a line or an error in Chinese, never with a crash."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qizhi.core import imports
from qizhi.core.permissions import system
from qizhi.core.tables import UnreadableFile, read_table
from qizhi.core.tests.counting import writes
from qizhi.gatherings.services import load_standard_kinds

HAN = re.compile("[\u4e00-\u9fff]")
# A row that the importer takes; what people type is put into its cells.
GOOD = {
    "org.people": {"staff_no": "8001", "name": "张 三", "entered_on": "2017.3.5", "department": "示例处"},
    "org.memberships": {"name": "党员庚", "unit": "第一党支部", "status": "正式", "from_on": "2018.1.10"},
    "tasks.plans": {
        "unit": "第一党支部",
        "year": "2018",
        "purpose": "支部学习计划",
        "month": "3",
        "topic": "学习新党章",
    },
    "gatherings.gatherings": {"unit": "第一党支部", "held_on": "2017-3-5", "kinds": "党课"},
    "tasks.documents": {
        "title": "通知",
        "received_on": "2018-01-03",
        "handler": "党员丁",
        "due": "5个工作日",
    },
    "conduct.leaves": {"person": "党员丁", "kind": "病假", "from_on": "2018-01-08", "to_on": "2018-01-10"},
}
WORDS = (
    *(
        "2017.3.5",
        "2017年3月",
        "17/3/5",
        "２０１７．３．５",
        "2018-02-30",
        "9999-12-31",
        "0001-01-01",
        "2018",
        "3月",
        "43000",
    ),
    *(
        "张三",
        "张 三",
        "党员丁",
        "党员丁(0004)",
        "书记甲、委员乙",
        "0004",
        "８００１",
        "无",
        "同上",
        "〃",
        "/",
        "-",
        "—",
        "·",
    ),
    *(
        "第一党支部",
        "一支部",
        "第一党小组",
        "示例处",
        "党组理论学习中心组",
        "机关党委",
        "z01",
        "正式",
        "预备党员",
        "男",
    ),
    *(
        "支部学习计划",
        "中心组学习计划",
        "党课",
        "主题党日",
        "病假",
        "已办结",
        "5个工作日",
        "5天",
        "科员",
        "正处",
    ),
    *(
        " ",
        "\u3000",
        "\n",
        "\t",
        "\x00",
        "\ufeff",
        "'",
        '"',
        "=1+1",
        "@",
        "%",
        "1e400",
        "-1",
        "0",
        "１２",
        "９" * 30,
        "长" * 3000,
    ),
)
TEXTS = st.one_of(
    st.sampled_from(WORDS), st.lists(st.sampled_from(WORDS), max_size=3).map("".join), st.text(max_size=20)
)


def file_of(schema, table):
    """The table as somebody saves it: whatever stands in a cell."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([column.label for column in schema.columns])
    writer.writerows([[row.get(column.key, "") for column in schema.columns] for row in table])
    return target.getvalue().encode("utf-8-sig")


def answered(importer, actor, table):
    """The outcome of a check, or why there is none; each error names its row and says why in Chinese."""
    schema = importer.schema(actor.bureau_id)
    try:
        reading = read_table(file_of(schema, table), "台账.csv", schema)
    except UnreadableFile as problem:
        return problem.message
    outcome = importer.run(reading, actor, write=False)
    for error in outcome.errors:
        assert HAN.search(error.reason), error
        assert error.row or error.fix, error  # of the file as a whole
    return outcome


def written(importer, actor, table):
    """What passed the check goes in, into tables that may refuse it; afterwards it is taken back."""
    schema = importer.schema(actor.bureau_id)
    with transaction.atomic():
        outcome = importer.run(read_table(file_of(schema, table), "台账.csv", schema), actor, write=True)
        assert outcome.errors == []
        connection.check_constraints()
        again = importer.run(read_table(file_of(schema, table), "台账.csv", schema), actor, write=False)
        transaction.set_rollback(True)
    return outcome, again


@pytest.fixture
def importer(request, cast):
    load_standard_kinds(cast.bureau, by=system(cast.bureau.pk))
    return imports.get(request.param)


@pytest.mark.parametrize("importer", sorted(GOOD), indirect=True)
def test_the_row_that_is_spoilt_below_is_a_good_one(cast, importer):
    outcome, again = written(importer, cast.actor("officer"), [GOOD[importer.key]])
    assert [line.what.value for line in outcome.lines] == ["new"]
    assert [line.what.value for line in again.lines] == ["same"]


@pytest.mark.parametrize("importer", [one.key for one in imports.all_importers()], indirect=True)
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_text_in_any_cell_is_answered_and_what_is_taken_can_be_written(cast, importer, data):
    actor = cast.actor("officer")
    columns = importer.schema(cast.bureau.pk).columns
    good = GOOD.get(importer.key) or {column.key: column.example for column in columns}
    keys = st.sampled_from([column.key for column in columns])
    spoilt = data.draw(st.lists(st.dictionaries(keys, TEXTS, max_size=3), min_size=1, max_size=3))
    table = [good | cells for cells in spoilt]
    with writes() as written_rows:
        outcome = answered(importer, actor, table)
    assert written_rows == [], "a check writes nothing"
    if isinstance(outcome, str):
        assert HAN.search(outcome)
        return
    assert outcome.lines or outcome.errors or outcome.notes
    if outcome.lines and not outcome.errors:
        written(importer, actor, table)
