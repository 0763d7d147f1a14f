"""The sums of the benchmark, and what it reads out of pages."""

from __future__ import annotations

import math

import pytest

from bench import __main__ as command
from bench.arithmetic import growth, median, percentile, rate
from bench.client import is_kept_without_asking
from bench.clone import first_command
from bench.goals import PAGES, Goal, Sheet, number, table
from bench.load import task_of
from bench.markup import form_with, page_links, style_links
from bench.measures import QUICK, Column, measure_growth, measure_run
from qzlib.places import ROOT
from qzlib.say import StopError

PAGE = """<!doctype html><head>
<link rel="icon" href="data:image/svg+xml,x"><link rel="stylesheet" href="/static/main.css">
<link rel="next" href="/other/"><script src="paint.js"></script><script>var inline</script></head>
<body><img src="/static/a.png"><img src="/static/a.png"><a href="/elsewhere/">x</a>
<div hx-get="part/" hx-trigger="load delay:1s"></div><div hx-get="/later/" hx-trigger="click"></div>
<form method="post"><input type="hidden" name="id" value="7"><input name="title" value="名称">
<textarea name="topics">
一
二</textarea>
<select name="unit"><option value="a">甲</option><option value="b" selected>乙</option></select>
<select name="series"><option value="">—</option><option value="s">丙</option></select>
<input type="checkbox" name="kinds" value="k1"><input type="checkbox" name="kinds" value="k2" checked>
<input type="radio" name="roll" value="" checked><input type="radio" name="roll" value="absent">
<input name="off" value="1" disabled><input type="file" name="files"><button name="go" value="1">登记</button>
</form></body>"""


def test_a_percentile_is_one_of_the_values():
    values = [5, 1, 4, 2, 3]
    assert percentile(values, 50) == median(values) == 3
    assert percentile(values, 95) == 5
    assert percentile(values, 20) == 1
    assert percentile(values, 21) == 2
    assert median([1, 2]) == 1


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([1], 0), ([1], 101)])
def test_a_percentile_of_nothing_is_refused(values, percent):
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, percent)


def test_rates_and_growth_bear_zeros():
    assert rate(30, 2.0) == 15
    assert rate(30, 0) == 0
    assert growth(10, 13) == pytest.approx(1.3)
    assert growth(0, 0) == 1
    assert growth(0, 1) == math.inf


def test_links_of_a_page_are_what_a_browser_fetches_by_itself():
    assert page_links(PAGE, "/here/") == [
        "/static/main.css",
        "/here/paint.js",
        "/static/a.png",
        "/here/part/",
    ]


def test_links_of_a_style_sheet():
    text = "@import 'more.css'; a{background:url(\"data:x\")} b{src:url(../f.woff2)} c{src:url(../f.woff2)}"
    assert style_links(text, "/static/css/main.css") == ["/static/css/more.css", "/static/f.woff2"]


def test_a_form_is_read_as_a_browser_would_send_it():
    form = form_with(PAGE, ("id", "kinds"))
    assert form.fields == [
        ("id", "7"),
        ("title", "名称"),
        ("topics", "一\n二"),
        ("unit", "b"),
        ("series", ""),
        ("kinds", "k2"),
        ("roll", ""),
    ]
    assert form.choices["kinds"] == ["k1", "k2"]
    form.set("kinds", "k1", "k2")
    assert form.fields[-2:] == [("kinds", "k1"), ("kinds", "k2")]
    with pytest.raises(LookupError):
        form_with(PAGE, ("password",))


@pytest.mark.parametrize(
    ("policy", "is_kept"),
    [
        ("max-age=315360000, public, immutable", True),
        ("max-age=60, public", True),
        ("max-age=0, private", False),
        ("no-store", False),
        ("", False),
    ],
)
def test_what_a_browser_shows_again_without_asking(policy, is_kept):
    assert is_kept_without_asking({"cache-control": policy}) is is_kept


def test_a_goal_is_judged_for_the_fewest_bureaus():
    sheet = Sheet("SQLite")
    sheet.put("list.p50", "list", "ms", 1, 19.5)
    sheet.put("list.p50", "list", "ms", 100, 25)
    sheet.put("records8", "records", "records/s", 1, 299)
    sheet.put("building", "building", "s", 1, 12)
    assert [row.verdict for row in sheet.rows.values()] == ["ok", "over", ""]
    assert [row.key for row in sheet.over()] == ["records8"]
    written = table(sheet).splitlines()
    assert written[0].split()[:3] == ["SQLite", "1", "bureau"]
    assert written[2].split() == ["list,", "ms", "19.5", "25", "≤", "20", "ok"]
    assert Goal(300, is_floor=True).holds(300)
    assert not Goal(1).holds(1.01)


def test_numbers_keep_three_figures():
    assert [number(value) for value in (0.456, 1.5, 12.34, 123.4, 4.0)] == [
        "0.46",
        "1.50",
        "12.3",
        "123",
        "4",
    ]


def test_the_clone_runs_the_first_command_of_the_readme():
    assert first_command((ROOT / "README.md").read_text(encoding="utf-8")) == ["qz.py", "demo"]
    with pytest.raises(StopError, match="no command"):
        first_command("# Nothing")


def test_many_branches_are_held_to_their_goal_and_to_being_linear():
    sheet = Sheet("SQLite")
    for bureaus, each in ((1, 20.0), (100, 26.0)):
        counted = {"branches": 13 * bureaus, "run": 0.3 * bureaus, "each": each, "branch": 1, "bureau": 1}
        measure_run(Column(sheet, bureaus, QUICK), counted)
    for page in PAGES:
        sheet.put(f"{page}.p50", page, "ms", 1, 10)
        sheet.put(f"{page}.p50", page, "ms", 100, 10)
    measure_growth(sheet, (1, 100))
    assert {key: (row.values, row.verdict) for key, row in sheet.rows.items() if key.startswith("run")} == {
        "run": ({1: 0.3, 100: 30}, "ok"),
        "run_many": ({100: 30}, "ok"),
        "run_each": ({1: 20, 100: 26}, ""),
        "run.growth": ({100: pytest.approx(1.3)}, "over"),
    }
    assert "1,300 branches" in sheet.rows["run_many"].label


def test_a_task_survives_json():
    user = {"cookies": {"a": "1"}, "paths": ["/"], "form": [["x", "y"]]}
    task = task_of({"host": "127.0.0.1", "port": 1, "users": [user], "seconds": 1.0, "most": 5})
    assert task.users[0].form == (("x", "y"),)
    assert task.most == 5


def test_options_of_the_command(capsys):
    assert command.parse([]).bureaus == (1, 10, 100)
    assert command.parse(["--quick"]).bureaus == (1,)
    assert command.parse(["--bureaus", "10,1", "--engines", "postgres"]).bureaus == (1, 10)
    assert command.parse([]).people == ()
    assert command.parse(["--quick"]).people == (500, 20_000)
    assert command.parse(["--people", "1000,500", "--clauses"]).people == (500, 1000)
    assert command.parse(["--clone"]).is_clone_only
    assert not command.parse([]).is_clone_only
    for wrong in (["--bureaus", "0"], ["--people", "1"], ["--engines", "oracle"]):
        with pytest.raises(SystemExit):
            command.parse(wrong)
    assert "choose from sqlite, postgres" in capsys.readouterr().err
