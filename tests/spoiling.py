"""What no form and no address is made for: texts, numbers, days, keys and files that somebody may yet send.

Hypothesis chooses among them; it is not random from run to run, so that a run says the same twice.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.base import ContentFile
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

TEXTS = (
    "",
    " ",
    "\x00",
    "甲\x00乙",
    "\ud800",
    "\x01\x0b\x1f\x7f",
    "\ufffe\uffff",
    "👨‍👩‍👧‍👦",
    "\u202e倒过来",
    "a\u0301" * 30,
    "'; DROP TABLE org_person; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% now 'Y' %}",
    "=cmd|' /C calc'!A0",
    "%s %(x)s {0} \\",
    "第一行\r\n第二行\r第三行\n",
    "长" * 300,
    "[[org.members|报告年度]]【可略：",
    '{"a": [1e999, NaN]}',
    "[" * 5000,
    "书记甲、书记甲、(0001)(外单位)",
)
NUMBERS = (
    "-1",
    "0",
    "1",
    "１２",
    "٣",
    "²",
    "1.5",
    "-0",
    "1e5",
    "1e400",
    "NaN",
    "Infinity",
    "9" * 30,
    "9" * 5000,
)
DAYS = (
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "9999-12",
    "2018-02-30",
    "2018-13-01",
    "2018.1.5",
    "２０１８－０１－０５",
    "明天",
    "2018-01-15",
    "2016-02-29",
    "25:61",
)
KEYS = (
    "not-a-key",
    str(uuid.UUID(int=0)),
    "{" + str(uuid.UUID(int=1)) + "}",
    "01890000-0000-7000-8000-00000000000",
)
VALUE = st.one_of(*map(st.sampled_from, (TEXTS, NUMBERS, DAYS, KEYS)), st.text(max_size=40))
# None at all, one, or several where one is expected.
VALUES = st.one_of(VALUE.map(lambda one: [one]), st.lists(VALUE, max_size=3))
FILES = st.sampled_from(
    [
        ContentFile(content, name=name)
        for content in (
            b"",
            b"\x00" * 50,
            b"PK\x03\x04not a zip",
            "工号,姓名\n,\n".encode("gb18030"),
            b"\xff" * 900,
        )
        for name in ("表.csv", "x.xlsx", "../../etc/passwd", "长" * 83 + ".xlsx", "a\x01b.zip")
    ]
)


def bounded(examples: int) -> Any:
    """So many examples, the same ones each time."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],  # what is sent is readable without being made smaller
        suppress_health_check=list(HealthCheck),
    )
