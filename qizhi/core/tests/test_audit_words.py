"""The log of changes in words: verbs, names, both values; as many statements for one event as for many."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.core import audit
from qizhi.core.audit import reading

HOUSE = Path(reading.__file__).resolve().parents[2]
RECORDED = re.compile(r"""(?:record(?:_many)?|events_for)\(\s*f?"([a-z_]+\.[a-z_]+)""")


def test_every_verb_of_the_log_has_words():
    verbs = {
        verb
        for folder in ("services", "services.py")
        for path in HOUSE.glob(f"*/{folder}")
        for file in ([path] if path.is_file() else path.rglob("*.py"))
        for verb in RECORDED.findall(file.read_text(encoding="utf-8"))
    }
    assert len(verbs) > 150
    silent = [verb for verb in sorted(verbs) if reading.words_for(verb) is None]
    assert not silent, silent


@pytest.mark.parametrize(
    ("verb", "kind", "is_new", "said"),
    [
        ("org.correct_membership", "组织关系", False, "更正组织关系"),
        ("org.close_post", "任职", False, "组织撤销，任职截止"),
        ("org.close_unit", "", False, "撤销或并入"),
        ("conduct.save_inspection", "", True, "登记"),
        ("conduct.save_inspection", "", False, "更正"),
        ("nowhere.twist", "", False, "更正"),
    ],
)
def test_verbs(verb, kind, is_new, said):
    assert reading.say_verb(verb, kind, is_new=is_new) == said


def test_of_long_texts_the_part_that_differs_is_shown():
    before, after = reading.differing("甲" * 100 + "乙" + "丙" * 100, "甲" * 100 + "丁" + "丙" * 100)
    assert before == "…" + "甲" * 12 + "乙" + "丙" * 67 + "…"
    assert after == "…" + "甲" * 12 + "丁" + "丙" * 67 + "…"
    assert reading.differing("短", "") == ("短", "")


def test_codes_keys_days_and_flags_are_said_in_words_with_both_values(cast):
    Membership, Inspection = map(apps.get_model, ("org.Membership", "conduct.Inspection"))  # noqa: N806
    officer, member = cast.actor("officer"), cast.person("member")
    bond = Membership.objects.get(person=member)
    before = audit.snapshot(bond)
    bond.unit, bond.group, bond.status, bond.from_on = cast.second, None, "probationary", "2016-02-01"
    audit.record("org.correct_membership", bond, by=officer, before=before)
    (told,) = audit.tell(member, [bond])
    assert (told.by, told.what, told.because) == ("干事壬", "更正组织关系", "")
    said = {change.label: (change.before, change.after) for change in told.changes}
    assert said["党支部"] == ("第一党支部", "第二党支部")
    assert said["起始日期"] == ("2015年1月1日", "2016年2月1日")
    assert said["党员类别"] == ("正式党员", "预备党员")
    assert "人员" not in said

    made = {"led_by_id": str(member.pk), "month": "2018-01-01", "status": "closed", "held_on": None}
    row = Inspection(bureau=cast.bureau, month="2018-01-01", title="检查", led_by=member)
    audit.record(
        "conduct.save_inspection", row, by=officer, before={**made, "month": "2017-12-01"}, after=made
    )
    (told,) = audit.tell(row)
    assert told.changes == [("月份", "2017年12月", "2018年1月")]


@pytest.mark.parametrize("events", [1, 3])
def test_statements_do_not_grow_with_events(cast, events):
    unit, units = cast.first, [cast.second, cast.department]
    for number in range(events):
        before, after = {"parent_id": str(units[number % 2].pk)}, {"parent_id": str(units[1 - number % 2].pk)}
        audit.record("org.move_unit", unit, by=cast.actor("officer"), before=before, after=after)
    with CaptureQueriesContext(connection) as asked:
        told = audit.tell(unit)
    assert len(told) == events
    assert told[0].changes[0].before
    assert len(asked) == 2
