"""The overview: every number has rows, none is printed without, and the day of reckoning moves them."""

import datetime as dt
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.core import figures
from qizhi.core.figures import Measure
from qizhi.gatherings.enums import Ledger
from qizhi.reports.queries import TemplateText, default_template, figures_of
from qizhi.reports.services.files import document_of
from qizhi.reports.services.overview import generate

AS_OF = dt.date(2018, 1, 15)


def make(cast, body, title="综述", as_of=AS_OF, year=None):
    return generate(cast.bureau, as_of, year, template=TemplateText(title, body))


def words(overview):
    return [getattr(piece, "text", "（图）") for piece in overview.pieces]


def every_figure(bureau):
    """A text that names every figure there is, in every span and style that it can have."""
    lines = []
    for figure in figures_of(bureau.pk):
        lines += [
            f"[[{figure.key}|{span}]]。" for span in ("报告年度", "当年", "近三年", "近十二个月", "累计")
        ]
        if figure.measure is not Measure.DAY:
            lines.append(f"[[{figure.key}|份额]]。")
    return "\n".join(lines)


def check_number(number):
    """G9: the rows count or add up to what was counted, and the amount follows from it."""
    assert number.figure.counted_from_rows(number.ask) == number.value.counted > 0
    if not number.figure.sums:
        assert len(list(number.rows)) == number.value.counted
    amount, counted, whole = number.value.amount, number.value.counted, number.value.out_of
    if number.figure.measure is Measure.SHARE or number.figure.key.endswith("_average"):
        assert amount == Fraction(counted, whole)
    elif number.figure.measure is Measure.DAY:
        assert [row.held_on.toordinal() for row in number.rows] == [amount]
    elif number.figure.measure is Measure.HOURS:
        assert amount == sum(row.hours for row in number.rows)
    else:
        assert amount == counted


@pytest.mark.parametrize("as_of", [dt.date(2016, 6, 30), dt.date(2017, 12, 31), AS_OF])
def test_every_number_of_every_figure_opens_to_rows_that_make_it_up(cast, planted, as_of):
    made = make(
        cast,
        every_figure(cast.bureau) + "\n[[chart:centre_months]]\n[[chart:branch_ledgers|累计]]",
        as_of=as_of,
    )
    assert made.errors == ()
    assert len(made.all_numbers) > 60
    for number in made.all_numbers:
        check_number(number)


def test_the_default_text_is_clean_and_its_numbers_have_rows(cast, planted):
    made = generate(cast.bureau, AS_OF)
    assert (made.errors, made.typed) == ((), ())
    assert made.title == "甲示例局党建工作综述"
    assert [chapter.title[:2] for chapter in made.chapters if chapter.title] == [
        "一、",
        "二、",
        "三、",
        "四、",
        "五、",
    ]
    assert 1200 < made.characters < 5000
    assert len(made.numbers) >= 12
    for number in made.all_numbers:
        check_number(number)


def test_numbers_are_those_that_were_planted(cast, planted):
    made = make(
        cast,
        "[[gatherings.congress]] [[gatherings.centre_study_average]] [[gatherings.theme_day|累计|约数]] "
        "[[gatherings.flag_ceremony_day]] [[tasks.inspections_planned]] [[org.cadres]] "
        "[[gatherings.series_years:new-year-flag]]",
    )
    assert [number.text for number in made.numbers] == ["5", "3", "20余", "2018年1月2日", "12", "1", "3"]


def test_years_in_a_row_bring_their_words_and_one_year_is_no_row(cast, planted):
    body = "升旗活动[[gatherings.series_years:new-year-flag|累计|连续]]。"
    said = [words(make(cast, body, as_of=day)) for day in (AS_OF, dt.date(2016, 5, 1), dt.date(2015, 5, 1))]
    assert said == [["升旗活动已连续开展3年。"], ["升旗活动为开展的第1年。"], []]
    made = make(cast, body)
    assert [number.text for number in made.numbers] == ["3"]


def test_nothing_is_printed_without_rows(cast):
    made = make(
        cast,
        "# 学习\n开会[[gatherings.congress]]次。党员[[org.members]]名。\n# 服务\n走访[[gatherings.field_visit]]次。",
    )
    assert words(made) == ["一、学习", "党员8名。"]
    assert [(one.line, one.text) for one in made.omitted] == [(2, "开会—次。"), (4, "走访—次。"), (3, "服务")]
    assert "为 0 次，没有可以核对的记录" in made.omitted[0].reason
    assert made.omitted[2].reason == "标题下面没有可以列入的内容。"


def test_an_empty_bureau_prints_no_dash(cast):
    made = make(cast, every_figure(cast.bureau))
    assert not [text for text in words(made) if "—" in text]
    assert all(number.has_rows for number in made.all_numbers)
    empty = generate(cast.outsider.bureau, AS_OF)
    assert empty.numbers == []
    assert not [text for text in words(empty) if "—" in text.replace("——", "")]


def test_a_part_that_may_be_left_out_takes_only_itself_along(cast, planted):
    made = make(
        cast,
        "党员大会[[gatherings.congress]]次【可略：，党小组会[[gatherings.group]]次】【可略：，委员会[[gatherings.committee]]次】。",
    )
    assert words(made) == ["党员大会5次，委员会3次。"]
    assert [one.text for one in made.omitted] == ["，党小组会—次"]


def test_the_day_of_reckoning_moves_the_numbers(cast, planted):
    body = "[[gatherings.congress|累计]]"
    texts = [
        make(cast, body, as_of=day).numbers[0].text
        for day in (dt.date(2017, 1, 10), dt.date(2017, 1, 20), AS_OF)
    ]
    assert texts == ["2", "3", "5"]


def test_the_report_year_is_told_from_the_day_or_chosen(cast, planted):
    body = "{{年}} [[gatherings.theme_day]]"
    assert words(make(cast, body)) == ["2017 11"]
    assert words(make(cast, body, year=2016)) == ["2016 12"]


def test_a_share_needs_a_whole(cast, planted):
    made = make(cast, "完成[[study.plan_done_share|份额]]。占[[gatherings.congress|份额]]。")
    assert words(made) == []
    assert "没有分母，不能写成份额" in made.omitted[1].reason


def test_a_figure_that_is_gone_takes_its_sentence_along(cast, planted):
    made = make(cast, "开会[[gone.figure]]次。党员[[org.members]]名。")
    assert words(made) == ["党员8名。"]
    assert made.omitted[0].reason == "没有名为“gone.figure”的指标。"
    assert len(made.errors) == 1


def test_a_typed_number_is_marked_in_its_run(cast):
    made = make(cast, "共15次，党员[[org.members]]名。")
    (passage,) = made.pieces
    assert [(run.text, run.is_typed) for run in passage.runs] == [
        ("共", False),
        ("15", True),
        ("次，党员", False),
        ("8", False),
        ("名。", False),
    ]
    assert [one.text for one in made.typed] == ["15"]


def test_charts_show_the_same_numbers_as_their_rows(cast, planted):
    made = make(cast, "[[chart:centre_months]]\n[[chart:branch_ledgers]]")
    months, ledgers = made.charts
    assert [row.name for row in months.rows] == ["2015年", "2016年", "2017年"]
    assert [sum(number.value.counted for number in row.numbers) for row in months.rows] == [2, 3, 4]
    assert [(row.name, row.numbers[0].text) for row in ledgers.rows] == [
        ("主题党日", "11"),
        ("支部党员大会", "5"),
        ("支部委员会会议", "3"),
        ("党课", "2"),
    ]


def test_a_chart_without_rows_is_left_out(cast):
    made = make(cast, "[[chart:centre_months]]\n[[chart:branch_ledgers]]")
    assert list(made.pieces) == []
    assert [one.reason for one in made.omitted] == ["这段时间没有可以画的记录。"] * 2


def test_each_question_is_asked_once(cast, planted):
    with CaptureQueriesContext(
        connection,
    ) as once:
        make(cast, "[[gatherings.congress]]")
    with CaptureQueriesContext(connection) as thrice:
        make(cast, "[[gatherings.congress]] [[gatherings.congress|约数]] [[gatherings.congress|报告年度]]。")
    assert len(once) == len(thrice)


def test_queries_do_not_grow_with_rows(cast, planted):
    generate(cast.bureau, AS_OF)  # the working calendar is read once and kept
    with CaptureQueriesContext(connection) as few:
        generate(cast.bureau, AS_OF)
    planted.many(9, 2017, Ledger.CONGRESS)
    planted.many(9, 2016, Ledger.CENTRE_STUDY, unit=cast.centre_group)
    with CaptureQueriesContext(connection) as many:
        generate(cast.bureau, AS_OF)
    assert len(many) == len(few)


def test_more_chapters_than_chinese_numbers_is_no_error(cast):
    made = make(cast, "\n".join(f"# 章\n{{{{单位}}}}{'。'}" for _ in range(101)))
    assert [chapter.title for chapter in made.chapters][98:] == ["九十九、章", "100、章", "101、章"]


def test_the_default_text_names_only_figures_that_exist():
    text = default_template()
    assert text.title
    for part in text.body.split("[[")[1:]:
        key = part.partition("]]")[0].partition("|")[0]
        assert key.startswith("chart:") or figures.get(key), key


def test_three_years_are_whole_ones_and_a_year_that_goes_on_says_until_when():
    """Reckoned in November the year of the report lowers no average; on its last day it is one of the three."""
    three = figures.Span.THREE_YEARS
    asked = [(2017, dt.date(2018, 1, 31)), (2026, dt.date(2026, 11, 26)), (2026, dt.date(2026, 12, 31))]
    spans = [figures.span_period(three, year=year, as_of=as_of) for year, as_of in asked]
    assert [(span.start.year, span.end.year) for span in spans] == [(2015, 2017), (2023, 2025), (2024, 2026)]


def test_in_a_year_that_goes_on_it_says_which_three_years_are_meant_and_until_when_charts_go(cast, planted):
    text = "[[gatherings.centre_study|近三年]]次。\n[[chart:centre_months]]\n[[chart:branch_ledgers]]"
    made = make(cast, text, as_of=dt.date(2017, 11, 27))
    assert made.numbers[0].span_label == "近三个整年（2014年至2016年）"
    assert made.years_meant == "近三年指2014年至2016年三个完整年度"
    note = document_of(made).note
    assert note == "草稿，尚未出文；数据截至2017年11月27日，近三年指2014年至2016年三个完整年度"
    months, ledgers = made.charts
    assert [row.name for row in months.rows] == ["2015年", "2016年", "2017年截至11月27日"]
    assert months.caption == "党组理论学习中心组集中学习逐月次数（2015年至2017年11月）"
    assert ">2017年截至11月27日</text>" in months.svg, "it has room above its panel"
    assert ledgers.caption == "各类活动次数（2017年截至11月27日；一次活动可以计入几类）"
    over = make(cast, text, as_of=dt.date(2017, 12, 31))
    assert (over.years_meant, over.numbers[0].span_label) == ("", "近三个整年（2015年至2017年）")
    assert over.charts[1].caption == "各类活动次数（2017年；一次活动可以计入几类）"
