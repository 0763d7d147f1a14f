"""The overview on the screen: what is shown is what is written, and every number is a link."""

import io
import json
import re

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qizhi.gatherings.enums import Ledger
from qizhi.reports.services.templates import save_template

PAGE = "/reports/overview/"
ASKED = {"as_of": "2018-01-15"}
FIGURE = re.compile(r'<a class="figure" href="([^"]+)"[^>]*>([^<]+)</a>')


@pytest.fixture
def page(cast, planted):
    return cast.client("officer").get(PAGE, ASKED)


def write(cast, body, title="综述"):
    return save_template(
        bureau_id=cast.bureau.pk, title=title, body=body, base_version=0, by=cast.actor("officer")
    )


def test_the_answer_comes_first(page):
    text = page.content.decode()
    assert page.status_code == 200
    made = page.context["overview"]
    assert "2017 年度，核算日 2018年1月15日" in text
    assert f"<strong>{len(made.numbers)}</strong> 个数字都能点回原始记录" in text
    assert "用系统自带的模板" in text


@pytest.mark.parametrize("path", [PAGE, "/reports/figures/", "/reports/figures/gatherings.congress/rows/"])
def test_a_year_that_had_not_begun_is_said_and_not_silently_another(cast, planted, path):
    said = cast.client("officer").get(path, {**ASKED, "year": "2026"})
    text = said.content.decode()
    assert said.status_code == 200
    assert "您要的是 2026 年度，可是在核算日2018年1月15日它还没有开始" in text
    assert "这里显示的是 2017 年度" in text
    assert "您要的是" not in cast.client("officer").get(path, {**ASKED, "year": "2016"}).content.decode()


def test_no_file_is_made_of_a_year_that_had_not_begun(cast, planted):
    address = reverse("reports:overview_file", args=["json"])
    refused = cast.client("officer").get(address, {**ASKED, "year": "2026"})
    assert refused.status_code == 422
    assert "您要的是 2026 年度" in refused.content.decode()


def test_every_number_is_a_link_to_rows_that_make_it_up(cast, page):
    client = cast.client("officer")
    links = FIGURE.findall(page.content.decode())
    made = page.context["overview"]
    assert [text for _, text in links if text] == [number.text for number in in_order(made)]
    for address, text in links:
        rows = client.get(address.replace("&amp;", "&"))
        assert rows.context["number"].value.counted == rows.context["sum_of_rows"] > 0
        # A round number leads to the exact one.
        assert rows.context["number"].text == text or text.endswith("余")


def in_order(made):
    """The numbers of the page from top to bottom, those of charts where the charts stand."""
    numbers = []
    for piece in made.pieces:
        if piece.kind == "passage":
            numbers += [run.number for run in piece.runs if run.number]
        elif piece.kind == "chart":
            numbers += [number for number in piece.numbers if number.has_rows]
    return numbers


def test_the_page_the_json_and_the_docx_tell_the_same_numbers(cast, page):
    client = cast.client("officer")
    made = page.context["overview"]
    content = json.loads(client.get(f"{PAGE}json/", ASKED).content)
    assert [one["text"] for one in content["numbers"]] == [number.text for number in made.all_numbers]
    written = docx.Document(io.BytesIO(client.get(f"{PAGE}docx/", ASKED).content))
    runs = [run for one in written.paragraphs for run in one.runs]
    marked = [run.text for run in runs if run.style is not None and run.style.style_id == "QzFigure"]
    assert marked == [number.text for number in made.numbers]
    assert client.get(f"{PAGE}pdf/", ASKED).content.startswith(b"%PDF-")


def test_the_charts_stand_in_the_page_with_their_tables(page):
    text = page.content.decode()
    assert text.count("<svg") == 2
    assert "style=" not in text.partition("<svg")[2].partition("</svg>")[0]
    assert text.count("这幅图的数字") == 2


def test_another_day_gives_other_numbers(cast, planted):
    client = cast.client("officer")
    write(cast, "大会[[gatherings.congress|累计]]次。")
    for day, number in (("2017-01-10", "2"), ("2017-01-20", "3"), ("2018-01-15", "5")):
        assert f">{number}</a>" in client.get(PAGE, {"as_of": day}).content.decode()


def test_what_is_left_out_is_listed_with_its_reason(cast, planted):
    write(cast, "大会[[gatherings.congress]]次。走访[[gatherings.field_visit]]次。")
    text = cast.client("officer").get(PAGE, ASKED).content.decode()
    assert "1 处因没有记录未列入" in text
    assert "走访—次。" in text
    document = text.partition("<article")[2].partition("</article>")[0]
    assert "走访" not in document
    assert "—" not in document


def test_typed_numbers_are_marked_and_told(cast, planted):
    write(cast, "大会[[gatherings.congress]]次，共15次。")
    text = cast.client("officer").get(PAGE, ASKED).content.decode()
    assert "<mark>15</mark>" in text
    assert "1 处手工数字" in text
    assert "第 1 行第 29 字" in text


def test_typed_numbers_in_headings_are_marked_alike(cast, planted):
    write(cast, "# 抓好十二件实事\n## 走访3000户\n大会[[gatherings.congress]]次。")
    text = cast.client("officer").get(PAGE, ASKED).content.decode()
    assert "一、抓好<mark>十二件</mark>实事" in text
    assert "（一）走访<mark>3000</mark>户" in text
    assert "2 处手工数字" in text


def test_a_long_text_is_told_to_be_long(cast, planted):
    write(cast, "一分耕耘一分收获" * 700 + "。")
    text = cast.client("officer").get(PAGE, ASKED).content.decode()
    assert "偏长" in text
    assert "多 603 字" in text


def test_an_empty_bureau_still_gets_a_page(cast):
    response = cast.client("outsider").get(PAGE, ASKED)
    assert response.status_code == 200
    assert response.context["overview"].numbers == []


@pytest.mark.parametrize("kind", ["", "docx/", "pdf/", "json/"])
@pytest.mark.parametrize("wrong", [{"as_of": "x"}, {"as_of": "2018-01-16"}, {"year": "1"}])
def test_bad_input_is_answered_with_words(cast, kind, wrong):
    response = cast.client("officer").get(PAGE + kind, wrong)
    assert response.status_code == 422
    assert "需要修改" in response.content.decode()


def test_a_file_of_another_kind_is_not_found(cast):
    assert cast.client("officer").get(f"{PAGE}exe/").status_code == 404


def test_a_figure_that_vanished_stops_the_files_with_words(cast, planted):
    saved = write(cast, "大会[[gatherings.congress]]次。")
    type(saved).objects.filter(pk=saved.pk).update(body="大会[[gone.figure]]次。")
    client = cast.client("officer")
    assert "模板有写法错误" in client.get(PAGE, ASKED).content.decode()
    refused = client.get(f"{PAGE}docx/", ASKED)
    assert refused.status_code == 409
    assert "没有名为“gone.figure”的指标" in refused.content.decode()


def test_queries_do_not_grow_with_rows(cast, planted):
    client = cast.client("officer")

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, ASKED)
        return len(queries)

    count()
    few = count()
    planted.many(20, 2017, Ledger.CONGRESS, Ledger.THEME_DAY)
    planted.many(20, 2016, Ledger.CENTRE_STUDY, unit=cast.centre_group)
    assert count() == few <= 21  # 18 that ask, one of them which units have ended; on PostgreSQL three more


def test_the_way_to_writing_and_issuing_is_the_officers(cast, planted):
    text = cast.client("leader").get(PAGE, ASKED).content.decode()
    assert reverse("reports:issue") not in text
    assert reverse("reports:template_edit") not in text


def test_a_year_that_had_not_begun_gives_way_to_the_day(cast):
    page = cast.client("officer").get(reverse("reports:overview"), {"as_of": "2018-01-10", "year": "2026"})
    assert page.context["form"].report_year == 2017
