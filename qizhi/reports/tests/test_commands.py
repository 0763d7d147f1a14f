"""The two commands: the same numbers as the pages, from a terminal."""

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command

from qizhi.core import clock
from qizhi.core.figures import all_figures
from qizhi.reports.services.templates import save_template


def run(*args):
    out, err = io.StringIO(), io.StringIO()
    call_command(*args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def figures(*more):
    out, _ = run("figures", "--as-of", "2018-01-15", "--bureau", "甲", "--json", *more)
    return {one["key"]: one for one in json.loads(out)}


def test_overview_writes_three_files(cast, planted, tmp_path):
    folder = tmp_path / "new" / "folder"
    out, err = run("overview", "--as-of", "2018-01-15", "--bureau", "甲", "--out", str(folder))
    assert sorted(path.name for path in folder.iterdir()) == [
        "overview.docx",
        "overview.json",
        "overview.pdf",
    ]
    assert (folder / "overview.docx").read_bytes().startswith(b"PK")
    assert (folder / "overview.pdf").read_bytes().startswith(b"%PDF-")
    content = json.loads((folder / "overview.json").read_text(encoding="utf-8"))
    page = cast.client("officer").get("/reports/overview/?as_of=2018-01-15").context["overview"]
    assert [one["text"] for one in content["numbers"]] == [number.text for number in page.all_numbers]
    assert f"{len(page.numbers)} numbers" in out
    assert "omitted, line" in err


def test_a_year_of_ones_own(cast, planted, tmp_path):
    run("overview", "--as-of", "2018-01-15", "--year", "2016", "--bureau", "甲", "--out", str(tmp_path))
    content = json.loads((tmp_path / "overview.json").read_text(encoding="utf-8"))
    assert content["year"] == 2016
    day = {one["key"]: one["text"] for one in content["numbers"]}
    assert day["gatherings.theme_day"] == "12"


def test_typed_numbers_are_told_on_the_error_stream(cast, planted, tmp_path):
    save_template(
        bureau_id=cast.bureau.pk, title="综述", body="共15次。", base_version=0, by=cast.actor("officer")
    )
    _, err = run("overview", "--as-of", "2018-01-15", "--bureau", "甲", "--out", str(tmp_path))
    assert "typed number, 第 1 行第 2 字: 15" in err


def test_figures_are_those_of_the_page(cast, planted):
    found = figures()
    page = cast.client("officer").get("/reports/figures/?as_of=2018-01-15")
    shown = {one.figure.key: one.text for _, numbers in page.context["groups"] for one in numbers}
    assert {key: one["text"] for key, one in found.items()} == shown
    assert len(found) == len(all_figures()) + 1
    for one in found.values():
        assert one["sum_of_rows"] == one["counted"]
    assert (found["gatherings.congress"]["counted"], found["gatherings.congress"]["rows"]) == (5, 5)


def test_figures_of_a_unit(cast, planted):
    assert figures("--unit", "z02")["gatherings.congress"]["counted"] == 1


def test_figures_for_people(cast, planted):
    out, _ = run("figures", "--as-of", "2018-01-15", "--bureau", "甲")
    assert "gatherings.congress\t支部党员大会次数\t5次\t5/None\t5 rows" in out.splitlines()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("figures", "--as-of", "2018-01-15"), "several bureaus"),
        (("figures", "--as-of", "2018-01-15", "--bureau", "丙"), "no bureau has the code"),
        (("figures", "--as-of", "2018-01-15", "--bureau", "甲", "--unit", "zz"), "no unit"),
        (("figures", "--as-of", "yesterday"), "invalid fromisoformat value"),
        (("overview", "--as-of", "2018-01-15", "--out", "x"), "several bureaus"),
    ],
)
def test_what_cannot_be_done_is_told(cast, args, words):
    with pytest.raises(CommandError, match=words):
        run(*args)


def test_no_bureau_at_all(db):
    with pytest.raises(CommandError, match="no bureau yet"):
        run("figures", "--as-of", "2018-01-15")


def test_a_broken_text_writes_nothing(cast, planted, tmp_path):
    saved = save_template(
        bureau_id=cast.bureau.pk, title="综述", body="甲。", base_version=0, by=cast.actor("officer")
    )
    type(saved).objects.filter(pk=saved.pk).update(body="[[gone.figure]]")
    with pytest.raises(CommandError, match=r"没有名为“gone\.figure”的指标"):
        run("overview", "--as-of", "2018-01-15", "--bureau", "甲", "--out", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["overview", "figures"])
def test_a_day_to_come_is_refused_like_on_the_page_and_nothing_is_written(cast, planted, tmp_path, command):
    folder = tmp_path / "none"
    more = ("--out", str(folder)) if command == "overview" else ()
    with clock.at(dt.date(2018, 1, 15)):
        with pytest.raises(CommandError, match="2018-01-16 has not come"):
            run(command, "--as-of", "2018-01-16", "--bureau", "甲", *more)
        assert not folder.exists()
        page = cast.client("officer").get("/reports/overview/?as_of=2018-01-16")
        assert page.status_code == 422
        run(command, "--as-of", "2018-01-15", "--bureau", "甲", *more)
