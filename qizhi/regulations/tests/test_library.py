"""The library page."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.regulations.services import add_alias, clone_version

ADDRESS = "/regulations/"


def test_an_empty_library_says_what_to_do(cast):
    page = cast.client("officer").get(ADDRESS)
    assert "请登记第一份文件" in page.content.decode()
    assert "由政工处登记" in cast.client("member").get(ADDRESS).content.decode()


def test_search_by_number_typed_on_any_keyboard(cast, national, make_regulation):
    make_regulation()
    page = cast.client("member").get(ADDRESS, {"q": "局党发[2017]3号"}).content.decode()
    assert "《机关学习制度》" in page
    assert "支部工作条例" not in page


def test_in_force_on_a_day(cast, national):
    client = cast.client("member")
    before = client.get(ADDRESS, {"on": "2018-10-27"}).content.decode()
    after = client.get(ADDRESS, {"on": "2018-10-28"}).content.decode()
    assert "《中国共产党支部工作条例（试行）》" not in before
    assert "《中国共产党支部工作条例（试行）》" in after
    assert "2018年10月28日施行中的文件" in after


def test_nothing_found_and_a_senseless_day_are_no_error(cast, national):
    page = cast.client("member").get(ADDRESS, {"q": "没有这个", "on": "昨天", "page": "x"})
    assert page.status_code == 200
    assert "没有找到" in page.content.decode()


def test_only_the_office_may_add(cast):
    assert "登记文件" in cast.client("officer").get(ADDRESS).content.decode()
    assert "登记文件" not in cast.client("secretary").get(ADDRESS).content.decode()


def test_another_bureau_sees_nothing(cast, national):
    assert "还没有制度文件" in cast.client("outsider").get(ADDRESS).content.decode()


def test_the_list_as_filtered_leaves_as_a_table(cast, national, make_regulation):
    make_regulation()
    client = cast.client("member")
    text = client.get(ADDRESS, {"q": "机关学习", "format": "csv"}).content.decode("utf-8-sig")
    assert text.splitlines() == [
        "代码,名称,别名,文号,发文机关,层级,版本,核对",
        "rule-1,机关学习制度,,局党发〔2017〕3号,机关党委,本局,首版：2017年1月1日起,待核实",
    ]
    book = client.get(ADDRESS, {"format": "xlsx"})
    assert book.content.startswith(b"PK")
    assert client.get(ADDRESS, {"format": "exe"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_documents(cast, make_regulation, django_assert_num_queries, rows):
    for number in range(rows):
        regulation = make_regulation(f"rule-{number}", title=f"制度{number}")
        version, by = regulation.versions.get(), cast.actor("officer")
        add_alias(regulation=regulation, name="别名", by=by)
        clone_version(version=version, label="草稿", effective_from=dt.date(2018, 3, 1), by=by)
    client = cast.client("member")
    with django_assert_num_queries(8):
        page = client.get(ADDRESS).content.decode()
    assert page.count("别名</small>") == rows
    assert "草稿" not in page
