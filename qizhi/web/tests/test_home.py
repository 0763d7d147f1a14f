"""The first screen: its numbers are those of the pages behind them."""

from __future__ import annotations

import re

from django.urls import reverse

from qizhi.core import clock
from qizhi.web.tests.conftest import IN_FORCE


def _text(answer):
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_home_counts_what_the_page_of_branch_life_counts(cast, records):
    client = cast.client("officer")
    with clock.at(IN_FORCE):
        home = client.get("/")
        (link,) = re.findall(r'href="([^"]+)#missing"', home.content.decode())
        behind = client.get(link.replace("&amp;", "&"))
    (told,) = re.findall(r"本季度已有 (\d+) 项缺项，还有 (\d+) 项未到期", _text(home))
    (there,) = re.findall(r"(\d+) 个组织缺 (\d+) 项，已完成 (\d+) 项，未到期 (\d+) 项", _text(behind))
    assert told == (there[1], there[3])
    lines = home.context["home"].lines
    assert sum(line.done for line in lines) == int(there[2])
    assert len([line for line in lines if line.missing]) == int(there[0])
    assert [line.unit for line in lines if line.unit.kind == "branch"] == [cast.first, cast.second]


def test_a_number_of_home_stands_on_the_page_of_the_unit(cast, records):
    client = cast.client("officer")
    with clock.at(IN_FORCE):
        line = next(one for one in client.get("/").context["home"].lines if one.unit == cast.first)
        page = client.get(reverse("branch_life:unit", args=[cast.first.pk]), {"year": 2018, "part": "q4"})
    states = [part.kind for row in page.context["rows"] for slot in row.slots for part in slot.parts]
    assert line.missing == states.count("missing") > 0
