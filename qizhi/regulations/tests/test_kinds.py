"""Kinds of rule and their parameters."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from qizhi.core.permissions import system
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    QUOTA_PARAMETERS,
    Kind,
    ParameterError,
    all_kinds,
    kind_by_key,
    quota_parameters,
    read_parameters,
    register,
    say_clause,
    say_parameters,
)
from qizhi.regulations.models import Clause
from qizhi.regulations.services import clone_version, edit_clause, load_national_regulations, publish_version


def test_parameters_are_read_with_their_defaults(deadline):
    read = deadline.read({"grace_days": "2", "share": "1/4", "day": "fixed_day_of_month:15"})
    assert read == {
        "grace_days": 2,
        "share": Fraction(1, 4),
        "is_strict": False,
        "every": None,
        "day": "fixed_day_of_month:15",
    }


@pytest.mark.parametrize(
    ("values", "name", "problem"),
    [
        ({}, "grace_days", "没有填写"),
        ({"grace_days": 2, "graze": 1}, "graze", "不是这一判定类型的参数"),
        ({"grace_days": 0}, "grace_days", "不能小于1"),
        ({"grace_days": "两"}, "grace_days", "整数"),
        ({"grace_days": True}, "grace_days", "整数"),
        ({"grace_days": 2, "share": 0.33}, "share", "分数"),
        ({"grace_days": 2, "share": "4/3"}, "share", "分数"),
        ({"grace_days": 2, "is_strict": "yes"}, "is_strict", "是或否"),
        ({"grace_days": 2, "every": "week"}, "every", "可选：每月、每年"),
        ({"grace_days": 2, "day": "someday"}, "day", "不是可用的日期规则"),
    ],
)
def test_a_parameter_that_a_kind_cannot_use_is_refused_by_name(deadline, values, name, problem):
    with pytest.raises(ParameterError, match=problem) as caught:
        deadline.read(values)
    assert list(caught.value.problems) == [name]


def test_codes_are_plain():
    with pytest.raises(ParameterError, match="代码"):
        read_parameters(QUOTA_PARAMETERS, {"counts": "党员大会", "every": "quarter", "at_least": 1})


def test_words_for_codes_draw_a_choice_and_refuse_others():
    schema = quota_parameters(counts=[("congress", "支部党员大会")], lecturers=[("principal", "主要领导")])
    values = {"counts": "congress", "every": "quarter", "at_least": 1}
    assert say_parameters(schema, values) == [
        ("计数内容", "支部党员大会"),
        ("周期", "每季度"),
        ("至少次数", "1"),
    ]
    with pytest.raises(ParameterError, match="可选：支部党员大会"):
        read_parameters(schema, {**values, "counts": "lesson"})


def test_every_national_quota_fits_the_schema(cast):
    load_national_regulations(cast.bureau, by=system(cast.bureau.pk))
    clauses = Clause.objects.filter(kind="quota")
    assert clauses.count() == 9
    for clause in clauses:
        assert read_parameters(QUOTA_PARAMETERS, clause.parameters)["at_least"] == 1


def test_a_key_belongs_to_one_kind(deadline):
    assert kind_by_key("test_deadline") is deadline
    assert deadline in all_kinds()
    assert kind_by_key("nobody") is None
    assert register(type(deadline)) is type(deadline)

    class Other(Kind[Any]):
        key = "test_deadline"
        label = "另一个"
        parameters = ()

        def scan(self, clause, ask):
            return []

        def judge(self, parameters, fact):
            raise NotImplementedError

        def try_case(self, key, clauses, given):
            raise NotImplementedError

        def sentence(self, clause, fact, judgement):
            raise NotImplementedError

    with pytest.raises(ValueError, match="declared twice"):
        register(Other)


def test_a_clause_is_said_in_words(deadline, published):
    clause = published.clauses.get()
    clause.kind, clause.parameters = "test_deadline", {"grace_days": 2, "is_strict": True, "every": "month"}
    words = say_clause(clause)
    assert (words.kind_label, words.parameters) == (
        "测试期限",
        [("宽限工作日", "2"), ("严格", "是"), ("周期", "每月")],
    )
    assert say_parameters((), {"share": "1/2"}) == [("share", "1/2")]


def test_a_judgement_carries_its_facts_and_its_source(deadline, published):
    clause = published.clauses.get()
    judged = deadline.judge(deadline.read({"grace_days": 2}), 3)
    assert (judged.verdict, judged.evidence) == (Verdict.VIOLATED, {"late": 3})
    assert deadline.judge(deadline.read({"grace_days": 2}), 2).verdict is Verdict.MET
    assert (
        deadline.sentence(clause, 3, judged) == "《机关学习制度》第一条要求不超过2个工作日，实际3个工作日。"
    )


def test_wrong_parameters_are_not_published(cast, deadline, published):
    by = cast.actor("officer")
    draft = clone_version(
        version=published, label="修订", effective_from=published.effective_from.replace(2018), by=by
    )
    clause = edit_clause(
        clause=draft.clauses.get(), values={"kind": "test_deadline", "parameters": {"grace_days": 2}}, by=by
    )
    Clause.objects.filter(pk=clause.pk).update(parameters={"grace_days": 0})
    with pytest.raises(Exception, match="不能小于1"):
        publish_version(version=draft, by=cast.actor("leader"))
    Clause.objects.filter(pk=clause.pk).update(parameters={"grace_days": 2})
    assert not publish_version(version=draft, by=cast.actor("leader")).is_draft
