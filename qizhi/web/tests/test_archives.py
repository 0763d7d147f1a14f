"""Archives of other versions: a new column gets its default; what has none, or no place here, is refused by name."""

from __future__ import annotations

import datetime as dt
import io
import json
import tomllib
import zipfile
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse

from qizhi import VERSION
from qizhi.core.errors import Refused
from qizhi.core.permissions import system
from qizhi.core.tests.standing import left_standing
from qizhi.org.models import Account, Bureau, Person, Unit
from qizhi.org.services.transfer import derived_models, export_bureau, import_bureau
from qizhi.study.models import Completion, Course, ReadingNotes
from qizhi.web.tests.test_front import _empty_the_house
from qzlib.places import ROOT

EARLY = {"version": None, "schema": None}
"""What the manifest of a version said that did not yet name itself."""


@left_standing
def archive(cast):
    """The archive of a bureau with a course and who completed it; the copy that it goes into is empty."""
    make, person = {"bureau": cast.bureau}, cast.person("member")
    Person.objects.filter(pk=person.pk).update(began_work_on=dt.date(2004, 6, 15))
    course = Course.objects.create(**make, name="课程", is_central=True)
    day = dt.date(2018, 1, 8)
    Completion.objects.create(**make, course=course, person=person, hours=2, completed_on=day)
    ReadingNotes.objects.create(**make, person=person, month=dt.date(2018, 1, 1), number=2)
    with export_bureau(cast.bureau, by=system(cast.bureau.pk)) as file:
        content = file.read()
    _empty_the_house()
    return content


def manifest_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return json.loads(source.read("manifest.json"))


def rewritten(content, change=None, label="", **manifest):
    """The archive as another version might have written it.

    Args:
        content: of the archive.
        change: what is done to each line of a table.
        label: of which.
        manifest: what its manifest says otherwise; None: says nothing of.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as written:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == f"{label}.jsonl" and change:
                lines = [json.loads(line) for line in text.splitlines()]
                for line in lines:
                    change(line)
                text = "".join(f"{json.dumps(line)}\n" for line in lines)
            if name == "manifest.json":
                told = {**json.loads(text), **manifest}
                text = json.dumps({key: value for key, value in told.items() if value is not None})
            written.writestr(name, text)
    return target.getvalue()


def without(*names):
    def change(line):
        for name in names:
            del line[name]

    return change


def taken_in(content):
    return import_bureau(io.BytesIO(content))


def refused(content):
    with pytest.raises(Refused) as raised:
        taken_in(content)
    return raised.value.message


def test_an_archive_says_by_which_version_it_was_written(archive):
    told = manifest_of(archive)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert told["version"] == VERSION == project["version"]
    known = MigrationLoader(None).disk_migrations
    assert {"core", "org", "regulations", "study", "conduct", "web"} <= told["schema"].keys()
    assert all((app, name) in known for app, name in told["schema"].items())


@pytest.mark.parametrize("manifest", [{}, EARLY], ids=["named", "unnamed"])
def test_a_column_that_came_later_gets_its_default(archive, manifest):
    older = rewritten(archive, without("is_central", "provider"), "study.course", **manifest)
    older = rewritten(older, without("began_work_on"), "org.person")
    taken_in(older)
    course = Course.objects.get()
    assert (course.is_central, course.provider, course.name) == (False, "", "课程")
    assert Completion.objects.get().hours == 2
    assert not Person.objects.filter(began_work_on__isnull=False).exists()
    assert Person.objects.filter(name="党员丁").exists()


@pytest.mark.parametrize(
    ("label", "column", "said"),
    [
        ("study.completion", "hours", "“课程完成记录”缺少没有默认值的列“学时”"),
        ("study.completion", "person_id", "“课程完成记录”缺少没有默认值的列“人员”"),
        ("org.unit", "from_on", "缺少没有默认值的列"),
        ("org.person", "id", "缺少没有默认值的列“编号”"),
    ],
)
def test_a_column_without_a_default_is_never_guessed(archive, label, column, said):
    message = refused(rewritten(archive, without(column), label, version="0.0.9"))
    assert said in message
    assert "归档由旗帜 0.0.9（2018-01-15导出，" in message
    assert f"本系统是 {VERSION}，没有导入" in message
    assert "请用写出它的版本导入一个空库，把那个库升级到本版本，重新导出以后再导入" in message
    assert not Bureau.objects.exists()


def test_an_archive_that_does_not_name_its_version_is_called_early(archive):
    message = refused(rewritten(archive, without("hours"), "study.completion", **EARLY))
    assert "归档由没有写明版本的早期旗帜（2018-01-15导出）写出" in message


@pytest.mark.parametrize(
    ("value", "is_taken"), [(None, True), ("", True), ([], True), ("有内容", False), (3, False)]
)
def test_what_this_version_has_no_column_for_is_never_dropped(archive, value, is_taken):
    other = rewritten(archive, lambda line: line.update(elements=value), "org.unit")
    if is_taken:
        taken_in(other)
        assert Unit.objects.exists()
        return
    assert "“组织”有本版本没有的列“elements”" in refused(other)
    assert not Bureau.objects.exists()


def test_what_this_version_has_no_table_for_is_never_dropped(archive):
    counts = manifest_of(archive)["counts"]
    message = refused(rewritten(archive, counts={**counts, "library.loan": 3}))
    assert "本版本没有地方放 library.loan 的记录" in message
    derived = {model._meta.label_lower: 5 for model in derived_models()}
    taken_in(rewritten(archive, counts={**counts, "library.loan": 0, **derived}))
    assert Bureau.objects.exists()


def test_a_newer_version_is_named_before_anything_is_read(archive):
    told = manifest_of(archive)
    schema = {**told["schema"], "study": "0099_of_the_future", "library": "0001_initial"}
    message = refused(rewritten(archive, version="2.0.0", schema=schema))
    assert "归档由较新的旗帜 2.0.0（2018-01-15导出）写出" in message
    assert "library 0001_initial、study 0099_of_the_future" in message
    assert "请先升级本系统，再导入" in message
    assert not Bureau.objects.exists()


@pytest.mark.parametrize(
    "manifest",
    [
        {"version": 5, "schema": []},
        {"version": "x" * 999, "schema": {"study": 7}},
        {"version": [], "schema": "study", "exported_at": {}},
    ],
)
def test_nonsense_about_the_writer_counts_as_nothing_said(archive, manifest):
    taken_in(rewritten(archive, **manifest))
    assert Bureau.objects.exists()


def test_rows_that_the_rules_of_this_version_do_not_bear_are_named(archive):
    message = refused(rewritten(archive, lambda line: line.update(number=100), "study.readingnotes"))
    assert "“读书学习笔记（自报）”第1至1行里有本版本的规则不容的内容" in message
    assert not Bureau.objects.exists()


def test_the_page_and_the_command_say_the_same(archive, tmp_path):
    content = rewritten(archive, without("hours"), "study.completion", version="0.0.9")
    values = {"username": "officer", "password": "a-long-Phrase-7"}
    page = Client().post(reverse("web:restore"), {**values, "archive": SimpleUploadedFile("旧.zip", content)})
    assert page.status_code == 422
    assert "归档由旗帜 0.0.9" in page.content.decode()
    (tmp_path / "old.zip").write_bytes(content)
    with pytest.raises(CommandError, match=r"归档由旗帜 0\.0\.9"):
        call_command("import_bureau", str(tmp_path / "old.zip"))
    assert not Bureau.objects.exists()


def test_a_second_bureau_comes_in_under_a_code_and_user_names_of_its_own(archive, tmp_path):
    told = manifest_of(archive)["bureau"]
    first = Bureau.objects.create(code=told["code"], name="先来的局", short_name="先来")
    Account.objects.create_user("officer", "a-long-Phrase-7", bureau=first)
    file = tmp_path / "second.zip"
    file.write_bytes(archive)
    with pytest.raises(CommandError, match=r"已是“先来的局”的，没有导入。请给“.*”另起一个代码"):
        call_command("import_bureau", str(file))
    with pytest.raises(CommandError, match="不能作代码"):
        call_command("import_bureau", str(file), "--code", "第二局")
    out = StringIO()
    call_command("import_bureau", str(file), "--code", "second", stdout=out)
    bureau = Bureau.objects.get(code="second")
    assert (str(bureau.pk), bureau.name) == (told["id"], told["name"])
    said = out.getvalue()
    assert "用户名“officer”已被别人使用，改为“officer-second”。" in said
    assert "changepassword officer-second" in said
    account = Account.objects.get(username="officer-second")
    assert account.bureau == bureau
    assert not account.has_usable_password()
    assert Account.objects.filter(bureau=bureau, username="personnel").exists(), "a free name stays"
    assert Client().login(username="officer", password="a-long-Phrase-7")
    with pytest.raises(CommandError, match="已在这个库里"):
        call_command("import_bureau", str(file), "--code", "third")
