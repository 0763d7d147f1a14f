"""How people name things."""

from __future__ import annotations

import pytest

from qizhi.org.rules import free_code, post_name


@pytest.mark.parametrize(
    ("unit", "post", "said"),
    [
        ("第一党支部", "支部书记", "第一党支部书记"),
        ("第二党小组", "党小组组长", "第二党小组组长"),
        ("机关党委", "机关党委委员", "机关党委委员"),
        ("办公室", "办公室主要负责人", "办公室主要负责人"),
        ("第一党支部", "组织委员", "第一党支部组织委员"),
        ("示例局", "局长", "示例局局长"),
    ],
)
def test_a_post_says_its_unit_once(unit, post, said):
    assert post_name(unit, post) == said


@pytest.mark.parametrize(
    ("prefix", "below", "code"),
    [("z", "", "z02"), ("d", "", "d01"), ("g", "z01", "z01-2"), ("g", "z" * 17, "g01")],
)
def test_a_unit_without_a_code_gets_the_next_free_one(prefix, below, code):
    assert free_code(prefix, {"z01", "z03", "z01-1"}, below=below) == code
