"""A contest in the hall: host, teams and board each in a browser of their own, with a connection that fails."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing

import pytest

pytestmark = pytest.mark.browser
TEAMS = ("机关一队", "机关二队", "机关三队")
POINTS = 10
PATIENCE_MS = 8_000
"""The pages of teams and hall ask every two seconds."""
NO_CONNECTION = "ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "htmx:sendError", "htmx:afterRequest"


class Contest:
    """A contest that the office prepared through its forms; nothing has begun."""

    def __init__(self, house, host, pace):
        self.house, self.host = house, host
        host.goto("/study/contests/new/")
        self.send(name="党规党纪知识竞赛", held_on="2018-03-14")
        self.page = host.url
        host.click("main a:text-is('参赛队')")
        self.send(teams="\n".join(TEAMS))
        host.click("main a:text-is('添加一轮')")
        self.host.select_option("[name=pace]", pace)
        self.send(name="必答题", points=str(POINTS), number="2")
        links = host.locator("ul.hits a[href*='/study/teams/']")
        self.teams = dict(zip(TEAMS, [one.get_attribute("href") for one in links.all()], strict=True))
        self.board = host.get_attribute("main a:text-is('大屏')", "href")
        self.keys = host.locator(
            "table:has(caption:text-is('题目')) tbody td:nth-child(3)"
        ).all_text_contents()

    def send(self, **values):
        for name, value in values.items():
            self.host.fill(f"[name={name}]", value)
        self.host.click("main form .btn-primary")
        self.host.wait_for_selector("h1:text-is('主持')")

    def step(self, label):
        """What the host clicks."""
        self.host.goto(self.page)
        self.host.click(f"main button:has-text('{label}')")
        self.host.wait_for_load_state()

    def answers(self, team):
        """How many answers of a team are stored."""
        asked = (
            "SELECT COUNT(*) FROM study_teamanswer JOIN study_contestteam t ON t.id = team_id WHERE t.key = ?"
        )
        with closing(sqlite3.connect(self.house.folder / "stage.sqlite3", timeout=20)) as rows:
            return rows.execute(asked, [self.teams[team].strip("/").rsplit("/", 1)[1]]).fetchone()[0]


@pytest.fixture
def contest(enter, changing):
    def prepare(pace="host"):
        return Contest(changing, enter("officer"), pace)

    return prepare


def form_of(tab, position):
    """The form of an open question; it appears by itself."""
    tab.wait_for_selector(f"[data-contest] legend:has-text('{position}. ')", timeout=PATIENCE_MS)
    return tab.locator("[data-contest] form", has=tab.locator(f"legend:has-text('{position}. ')"))


def answer(form, key, *, is_right=True):
    """Answer as the key says, or otherwise; how it stands on the page afterwards."""
    labels = dict(zip("ABCDEFGH", form.locator(".form-check-label").all_inner_texts(), strict=False))
    if not labels:
        form.locator("[name=given]").fill(key.split(" 或 ")[0] if is_right else "不知道")
        return shown(form)
    right = [letter for letter, words in labels.items() if words in key or words == f"{letter}. {key}"]
    boxes = {box.input_value(): box for box in form.locator("[name=given]").all()}
    others = [letter for letter in boxes if letter not in right]
    given = right if is_right else (others or right)[:1]
    for letter, box in boxes.items():
        if letter in given or box.get_attribute("type") == "checkbox":
            box.set_checked(letter in given)
    return shown(form)


def shown(form):
    """What is chosen or typed on the page."""
    boxes = form.locator("[name=given]")
    if boxes.first.get_attribute("type") in {"radio", "checkbox"}:
        return "".join(box.input_value() for box in boxes.all() if box.is_checked())
    return boxes.first.input_value()


def says(tab, words):
    """The page says so, without being asked."""
    tab.wait_for_selector(f"#contest-state:has-text('{words}')", timeout=PATIENCE_MS)


def received(form):
    """The answer that the server says it has."""
    form.locator("[data-received]:has-text('已收到：')").wait_for(timeout=PATIENCE_MS)
    return re.search(r"已收到：(.*?)。", form.locator("[data-received]").inner_text())[1]


def kept_answers(tab):
    return tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('contest ')).length")


def totals(board):
    """What the last column of the board says, team by team."""
    rows = board.locator("table.data tbody tr").all()
    assert [row.locator("td").first.inner_text() for row in rows] == list(TEAMS)
    return [row.locator("td").last.inner_text() for row in rows]


def wait_until(tab, ask, wanted):
    """Something comes to be so, without being asked."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (found := ask(tab)) != wanted:
        assert time.monotonic() < deadline, found
        tab.wait_for_timeout(100)


def other_complaints(tab):
    """What the browser objects to, but for the connection that was taken away."""
    return [one for one in tab.complaints if not any(words in one for words in NO_CONNECTION)]


def test_a_contest_is_played_to_the_board(enter, contest, tell):
    played = contest()
    first, second, board = enter(), enter(), enter("member")
    for tab, team in ((first, TEAMS[0]), (second, TEAMS[1])):
        tab.goto(played.teams[team])
        assert "现在没有开放的题目" in tab.inner_text("main")
    board.goto(played.board)

    begun = time.monotonic()
    played.step("开始这一轮")
    form = form_of(first, 1)
    seconds = time.monotonic() - begun
    answer(form, played.keys[0], is_right=False)
    says(first, "已收到")
    given = answer(form, played.keys[0])
    form.locator("button").dblclick()
    says(first, "已收到")
    wait_until(first, kept_answers, 0)
    assert received(form) == given
    answer(form_of(second, 1), played.keys[0], is_right=False)
    says(second, "已收到")
    board.wait_for_selector(f"tr:has-text('{TEAMS[0]}'):has-text('已作答')", timeout=PATIENCE_MS)
    assert set(totals(board)) == {"—"}

    first.reload()
    assert shown(form_of(first, 1)) == given
    assert received(form_of(first, 1)) == given

    played.step("出第 2 题")
    late = enter()
    late.goto(played.teams[TEAMS[2]])
    assert late.locator("[data-contest] form").count() == 1
    answer(form_of(late, 2), played.keys[1])
    says(late, "已收到")
    assert shown(form_of(first, 2)) == ""
    first.reload()
    assert shown(form_of(first, 2)) == ""  # the browser puts no answer of another question back
    stored = played.answers(TEAMS[0])

    played.step("结束这一轮")
    first.wait_for_selector("text=答题已经结束", timeout=PATIENCE_MS)
    played.step("公布得分")
    wait_until(board, totals, ["10", "0", "10"])
    played.host.goto(played.page)
    played.host.locator("summary", has_text="题目和答案").click()
    played.host.locator("a:has-text('更正答案')").first.click()
    played.host.check("[name=is_void]")
    played.host.fill("[name=because]", "题目有歧义")
    played.host.click("main form .btn-primary")
    wait_until(board, totals, ["0", "0", "10"])
    assert played.answers(TEAMS[0]) == stored
    for tab in (first, second, late, board, played.host):
        assert tab.complaints == []
    tell("Contest", f"a question is on a team's page {seconds:.1f} seconds after the host's click")


def test_a_double_click_is_one_answer(enter, contest):
    played = contest()
    played.step("开始这一轮")
    tab = enter()
    tab.goto(played.teams[TEAMS[0]])
    form = form_of(tab, 1)
    with tab.expect_response(lambda reply: reply.request.method == "POST"):
        given = answer(form, played.keys[0])
    says(tab, "已收到")
    before = played.answers(TEAMS[0])
    form.locator("button").dblclick()
    tab.wait_for_timeout(1000)
    assert kept_answers(tab) == 0
    assert received(form) == given
    assert played.answers(TEAMS[0]) <= before + 1


def test_an_answer_without_a_connection_is_kept_and_sent_later(enter, contest):
    played = contest("all")
    played.step("开始这一轮")
    tab = enter()
    tab.goto(played.teams[TEAMS[1]])
    answer(form_of(tab, 1), played.keys[0], is_right=False)
    says(tab, "已收到")
    before = played.answers(TEAMS[1])

    tab.context.set_offline(True)
    given = [answer(form_of(tab, place + 1), played.keys[place]) for place in range(2)]
    says(tab, "现在连不上")
    tab.wait_for_timeout(4500)  # two more questions of the page itself go unanswered
    assert "没有发出" not in tab.inner_text("main")
    assert tab.locator(".notice").count() <= 1
    assert kept_answers(tab) == 2
    assert played.answers(TEAMS[1]) == before
    tab.context.set_offline(False)
    says(tab, "已收到")
    wait_until(tab, kept_answers, 0)
    tab.wait_for_selector(".notice", state="detached", timeout=PATIENCE_MS)
    assert [received(form_of(tab, place + 1)) for place in range(2)] == given
    tab.reload()
    assert [shown(form_of(tab, place + 1)) for place in range(2)] == given
    played.step("结束这一轮")
    played.step("公布得分")
    board = enter("member")
    board.goto(played.board)
    wait_until(board, totals, ["0", "20", "0"])
    assert other_complaints(tab) == []


def test_what_was_not_sent_is_there_after_a_reload_and_a_later_answer_counts(enter, contest):
    played = contest()
    played.step("开始这一轮")
    tab = enter()
    tab.goto(played.teams[TEAMS[0]])
    tab.route(
        "**/study/teams/**",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    for is_right in (True, False, True, False):
        given = answer(form_of(tab, 1), played.keys[0], is_right=is_right)
        tab.wait_for_timeout(800)
    says(tab, "现在连不上")
    tab.reload()
    assert shown(form_of(tab, 1)) == given
    says(tab, "现在连不上")
    assert played.answers(TEAMS[0]) == 0
    tab.context.clear_cookies()  # the address alone lets a team in
    tab.unroute_all()
    says(tab, "已收到")
    assert received(form_of(tab, 1)) == given
    right = answer(form_of(tab, 1), played.keys[0])
    tab.wait_for_selector(f"[data-received]:has-text('已收到：{right}。')", timeout=PATIENCE_MS)
    played.step("结束这一轮")
    played.step("公布得分")
    board = enter()
    board.context.add_cookies([played.house.cookie("member")])
    board.goto(played.board)
    wait_until(board, totals, ["10", "0", "0"])
