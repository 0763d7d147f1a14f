"""Tables in and out through the browser: nothing before the yes, all or nothing, not twice."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from qizhi.core import clock, imports
from qizhi.core.db.turns import claim
from qizhi.core.models import AuditEvent, ImportDraft
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.org.models import Person
from qizhi.web.views import tables

GOOD = "工号,姓名,性别,入职日期,部门\n8001,张 三,男,2017.3.5,示例处\n8002,李四,女,2017年4月1日,示例处\n"
BAD = "工号,姓名,入职日期\n8001,张三,2017.2.30\n8002,,2017-01-01\n8003,王五,2017-01-01\n"


def _upload(client, text, name="花名册.csv"):
    file = SimpleUploadedFile(name, text.encode("gb18030"), "text/csv")
    return client.post(reverse("web:upload", args=["org.people"]), {"file": file})


def test_a_table_goes_from_file_to_rows_with_one_yes(cast):
    client = cast.client("officer")
    answer = _upload(client, GOOD)
    assert answer.status_code == 302
    assert not Person.objects.filter(staff_no="8001").exists()
    preview = client.get(answer["Location"]).content.decode()
    assert "可以导入。" in preview
    assert "新增 2 条" in preview
    done = client.post(answer["Location"], follow=True)
    assert "2 条新增" in done.content.decode()
    for person in Person.objects.filter(staff_no__in=["8001", "8002"]):
        assert f'href="{person.get_absolute_url()}"' in done.content.decode()
    assert "导入不能整批撤回" in done.content.decode()
    assert Person.objects.get(staff_no="8001").name == "张三"
    assert AuditEvent.objects.filter(verb="core.import").count() == 1


def test_new_gatherings_are_listed_with_their_pages_up_to_a_number(cast, monkeypatch):
    monkeypatch.setattr(imports, "MOST_LINKS", 2)
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))
    client = cast.client("secretary")
    lines = [f"第一党支部,2018-01-{day:02},党员大会,第{day}次会议" for day in (3, 4, 5)]
    file = SimpleUploadedFile("活动.csv", "\n".join(["组织,日期,类型,名称", *lines]).encode(), "text/csv")
    answer = client.post(reverse("web:upload", args=["gatherings.gatherings"]), {"file": file})
    page = client.post(answer["Location"], follow=True).content.decode()
    made = Gathering.objects.all()
    assert made.count() == 3
    assert sum(f'href="{row.get_absolute_url()}"' in page for row in made) == 2
    assert "另有 1 条没有列在这里" in page
    assert f'href="{reverse("gatherings:gatherings")}"' in page


def test_what_changes_stands_before_what_stays_as_it_is(cast, monkeypatch):
    client = cast.client("officer")
    client.post(_upload(client, GOOD)["Location"])
    monkeypatch.setattr(tables, "SHOWN", 1)
    page = client.get(_upload(client, GOOD.replace("李四,女", "李四,男"))["Location"]).content.decode()
    assert "李四（8002）；改动：性别 女→男" in page
    assert "张三（8001）" not in page
    assert "另有 1 行没有列出；有改动的排在前面。" in page


def test_the_yes_said_twice_imports_once(cast):
    client = cast.client("officer")
    address = _upload(client, GOOD)["Location"]
    assert client.post(address).status_code == 302
    again = client.post(address)
    assert (again.status_code, again["Location"]) == (302, address)
    assert Person.objects.filter(staff_no__startswith="80").count() == 2
    assert "原已相同" in client.get(address).content.decode()


def test_a_yes_that_comes_second_while_the_first_is_at_work_leads_to_the_result(cast):
    client = cast.client("officer")
    address = _upload(client, GOOD)["Location"]
    draft = ImportDraft.objects.get()
    importer, actor = imports.get("org.people"), cast.actor("officer")
    assert importer is not None
    imports.apply_draft(importer, draft, actor)
    # As a request sees it that read the row before the other one was done.
    with pytest.raises(imports.AlreadyTaken, match="没有重复导入"):
        imports.apply_draft(importer, draft, actor)
    assert client.post(address)["Location"] == address
    assert Person.objects.filter(staff_no__startswith="80").count() == 2


def test_whoever_looks_meanwhile_is_told_that_it_is_being_taken_over_and_that_it_was_cut_off(cast):
    client = cast.client("officer")
    address = _upload(client, GOOD)["Location"]
    told = "正在导入"
    assert told not in client.get(reverse("web:tables")).content.decode()
    ImportDraft.objects.update(started_at=clock.now())
    draft = ImportDraft.objects.get()
    with claim(imports.WORK, draft.pk):
        assert told in client.get(reverse("web:tables")).content.decode()
        page = client.get(address).content.decode()
        assert "开始，共 2 行，约需 10 秒" in page
        assert "确认导入" not in page
        assert client.post(address)["Location"] == address, "another yes does not wait behind the first"
        assert not Person.objects.filter(staff_no__startswith="80").exists()
    # The server fell over: nothing was written, and whoever says yes again does not wait.
    assert told not in client.get(reverse("web:tables")).content.decode()
    assert "确认导入" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert Person.objects.filter(staff_no__startswith="80").count() == 2


def test_a_refused_import_is_no_longer_at_work(cast):
    client = cast.client("officer")
    address = _upload(client, BAD)["Location"]
    assert client.post(address).status_code == 409
    draft = ImportDraft.objects.get()
    assert (draft.started_at, draft.applied_at) == (None, None)


def test_more_rows_than_can_be_taken_over_at_once_are_refused_with_what_to_do(cast, monkeypatch):
    monkeypatch.setattr(imports, "MOST_ROWS", 1)
    answer = _upload(cast.client("officer"), GOOD)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "表里有 2 行，一次最多导入 1 行，没有读取。请按年度或按组织拆成几个文件，分别导入。" in page
    assert not ImportDraft.objects.exists()


def test_a_long_table_says_how_long_it_takes(cast):
    client = cast.client("officer")
    address = _upload(client, GOOD)["Location"]
    assert "写入约需" not in client.get(address).content.decode()
    ImportDraft.objects.update(options={"rows": 50_000})
    assert "写入约需 3 分钟" in client.get(address).content.decode()


def test_a_table_of_another_kind_is_recognised(cast):
    client = cast.client("officer")
    table = "某局活动台账,,\n时间,会议名称,地点\n2017.3.5,党员大会,三楼\n"
    page = client.get(_upload(client, table)["Location"]).content.decode()
    assert "这个文件像是“活动”的表格，是不是选错了要导入的表格？" in page
    assert "第2行读到的是：时间、会议名称、地点" in page


def test_errors_are_listed_and_nothing_is_written(cast):
    client = cast.client("officer")
    address = _upload(client, BAD)["Location"]
    page = client.get(address).content.decode()
    assert "有 2 处需要改正" in page
    assert "2017.2.30" in page
    assert "确认导入" not in page
    assert client.post(address).status_code == 409
    assert not Person.objects.filter(staff_no="8003").exists()
    sheet = load_workbook(io.BytesIO(client.get(f"{address}errors/").content)).worksheets[0]
    assert sheet.max_row >= 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n", "xlsx"),
        ("空.csv", b"", "空"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_at_once(cast, name, content, said):
    file = SimpleUploadedFile(name, content)
    page = cast.client("officer").post(reverse("web:upload", args=["org.people"]), {"file": file})
    assert page.status_code == 422
    assert said in page.content.decode().lower()
    assert not ImportDraft.objects.exists()


def test_others_files_stay_closed(cast):
    address = _upload(cast.client("officer"), GOOD)["Location"]
    assert cast.client("outsider").get(address).status_code == 404
    assert cast.client("secretary").get(address).status_code == 403
    assert cast.client("personnel").get(address).status_code == 200


@pytest.mark.parametrize("kind", ["xlsx", "csv", "csv-gb18030"])
def test_export_and_template_come_as_files(cast, kind):
    client = cast.client("officer")
    answer = client.get(reverse("web:table_export", args=["org.people"]), {"format": kind})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert len(answer.content) > 100
    template = client.get(reverse("web:template", args=["org.people"]))
    assert "工号" in str(load_workbook(io.BytesIO(template.content)).worksheets[0].cell(1, 1).value)


def test_an_unknown_table_is_not_found_and_a_forbidden_one_is_refused(cast):
    assert cast.client("officer").get(reverse("web:upload", args=["no.such"])).status_code == 404
    assert cast.client("member").get(reverse("web:upload", args=["org.people"])).status_code == 403


def test_the_tables_with_which_a_bureau_begins_stand_first(cast):
    shown = cast.client("officer").get("/tables/").context["importers"]
    keys = [importer.key for importer in shown]
    assert keys[:4] == ["org.units", "org.people", "org.memberships", "org.posts"]
    assert keys[6:] == sorted(keys[6:])
