"""A pattern compiled late answers as one compiled at once."""

from __future__ import annotations

import re

import pytest

from qizhi.core.patterns import late


def test_a_late_pattern_answers_like_a_compiled_one() -> None:
    text, said = r"([一-龥]+)(\d+)?", "支部12，党组"
    now, then = re.compile(text), late(text)
    for _ in range(2):  # the first question compiles, the second finds the method
        assert then.findall(said) == now.findall(said) == [("支部", "12"), ("党组", "")]
        assert then.sub("x", said) == now.sub("x", said)
        assert (then.pattern, then.groups, then.flags) == (now.pattern, now.groups, now.flags)
    assert late("ABC", re.IGNORECASE).match("abc")


def test_a_mistake_shows_when_the_pattern_is_asked() -> None:
    pattern = late("(")
    with pytest.raises(re.error):
        pattern.match("")
