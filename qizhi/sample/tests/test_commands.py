"""The two commands where there is no sample."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_wrong_options_are_refused():
    with pytest.raises(CommandError, match="not before 2015-01-01"):
        run("sample", "--until", "2014-12-31")
    with pytest.raises(CommandError, match="1 or more"):
        run("sample", "--bureaus", "0")


def test_without_a_sample_the_list_says_what_to_do():
    assert "请先运行 sample" in run("sample_accounts")
