"""The command `run`: months of one bureau or of all, written or only said."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from qizhi.core import clock
from qizhi.core.periods import month_of
from qizhi.regulations.models import Finding, Run
from qizhi.regulations.services import close_period
from qizhi.regulations.tests.planted import LATE

D = dt.date
MONTHS = ("--from", "2018-01", "--to", "2018-02", "--workers", "1")


@pytest.fixture(autouse=True)
def today(_clock):
    with clock.at(D(2018, 3, 1)):
        yield


def said(capsys, *words):
    call_command("run", *MONTHS, *words)
    return capsys.readouterr().out


def test_it_says_what_it_would_change_and_then_does_it(cast, clause, capsys):
    LATE.update({"a": (D(2018, 1, 5), 3), "b": (D(2018, 2, 6), 5)})
    assert said(capsys, "--dry-run", "--bureau", cast.bureau.code).splitlines() == [
        f"{cast.bureau.code}\t新增2条",
        "  新增 a：晚3天",
        "  新增 b：晚5天",
    ]
    assert not Run.objects.exists()
    assert said(capsys).splitlines() == sorted([f"{cast.bureau.code}\t新增2条", "乙\t没有发现"])
    assert Finding.objects.live().count() == 2
    assert {run.by_label for run in Run.objects.all()} == {"系统（在服务器上核算）"}
    close_period(bureau_id=cast.bureau.pk, span=month_of(D(2018, 1, 1)), by=cast.actor("officer"))
    LATE.update({"a": (D(2018, 1, 5), 4), "b": (D(2018, 2, 6), 6)})
    (line,) = json.loads(said(capsys, "--dry-run", "--json", "--bureau", cast.bureau.code))
    assert line["counts"] == {"replaced": 1, "proposed": 1, "problems": []}
    assert [(one["old"], one["new"], one["is_settled"]) for one in line["changes"]] == [
        ("b：晚5天", "b：晚6天", False),
        ("a：晚3天", "a：晚4天", True),
    ]
    (line,) = json.loads(said(capsys, "--json", "--bureau", cast.bureau.code))
    assert line["run"] == str(Run.objects.filter(bureau=cast.bureau).first().pk)


def test_a_clause_that_cannot_be_judged_is_named(cast, clause, capsys, monkeypatch):
    monkeypatch.setattr("qizhi.regulations.tests.planted.PlantedLate.parameters", ())
    assert "  ! 《逾期办法》第一条（L-1）没有判定" in said(capsys)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--from", "x"), "months are written"),
        (("--from", "2018-02", "--to", "2018-01"), "the first before the last"),
        (("--from", "2018-01", "--as-of", "yesterday"), "a day is written"),
        (("--from", "2018-01", "--as-of", "2018-03-02"), "still to come"),
        (("--from", "2018-01", "--bureau", "none"), "no such bureau"),
        (("--from", "2012-01", "--to", "2018-01"), "一次最多核算36个月"),
    ],
)
def test_what_makes_no_sense_is_refused(cast, words, why):
    with pytest.raises(CommandError, match=why):
        call_command("run", *words, "--workers", "1")
