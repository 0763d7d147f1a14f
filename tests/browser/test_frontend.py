"""What the one script and the one stylesheet do, in a real browser, under the product's own security policy."""

from __future__ import annotations

import gzip
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qizhi.core.middleware import POLICY
from qzlib.places import BUILD, ROOT

pytestmark = pytest.mark.browser
PAGE = Path(__file__).parent / "pages" / "behaviour.html"
ROWS = '<table class="table data"><tbody><tr><td>2018-01-02 党员大会</td></tr></tbody></table>'
TYPES = {".css": "text/css", ".js": "text/javascript"}


def assets():
    manifest = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    main, paint = manifest["frontend/main.js"], manifest["frontend/paint.js"]
    return {"SCRIPT": main["file"], "STYLE": main["css"][0], "PAINT": paint["file"]}


class Handler(BaseHTTPRequestHandler):
    """Serves the sample page and counts what is posted."""

    def do_GET(self):
        file = BUILD / self.path.lstrip("/")
        if file.suffix in TYPES and file.is_file():
            self.answer(200, file.read_bytes(), TYPES[file.suffix])
        elif self.path == "/rows":
            self.answer(200, ROWS.encode())
        elif self.path == "/gone":
            self.answer(404, "<p data-message>这条记录已撤销。</p>".encode())
        else:
            self.answer(200, self.page().encode())

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts += 1
        time.sleep(0.5)
        self.send_response(303)
        self.send_header("Location", "/taken")
        self.end_headers()

    def page(self):
        text = PAGE.read_text(encoding="utf-8")
        for word, file in assets().items():
            text = text.replace(word, file)
        mark = '<div class="note note-success" role="status" data-draft-clear="gathering">已登记。</div>'
        return text.replace("TAKEN", mark if self.path == "/taken" else "")

    def answer(self, code, body, content_type="text/html; charset=utf-8"):
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.posts = 0
    server.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(browser, site):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.complaints = []
    tab.on("console", lambda said: tab.complaints.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.goto(site.address)
    yield tab
    context.close()


def column(page, number):
    return [cell.inner_text() for cell in page.query_selector_all(f"#branches tbody td:nth-child({number})")]


def test_a_first_visit_is_light_and_asks_no_other_host(browser, site):
    context = browser.new_context()
    tab = context.new_page()
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(site.address, wait_until="networkidle")
    context.close()
    hosts = {url.split("/")[2] for url in asked if not url.startswith("data:")}
    assert hosts == {site.address.split("/")[2]}
    assert len(asked) <= 12
    weight = sum(len(gzip.compress((BUILD / file).read_bytes())) for file in assets().values())
    assert 20_000 < weight < 80_000


def test_the_security_policy_and_axe_find_nothing(page):
    page.wait_for_load_state("networkidle")
    assert page.complaints == []
    # axe itself is put into the page from outside, past the policy.
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert len(found["passes"]) > 20


def test_a_click_on_a_header_sorts_by_number_and_keeps_the_empty_last(page):
    page.click("#branches th:nth-child(2) button")
    assert column(page, 2) == ["9", "10", "1,200", "—"]
    assert page.get_attribute("#branches th:nth-child(2)", "aria-sort") == "ascending"
    page.click("#branches th:nth-child(2) button")
    assert column(page, 2) == ["1,200", "10", "9", "—"]
    assert page.query_selector("#branches th:nth-child(3) button") is None


def test_the_filter_hides_rows_and_says_how_many_are_left(page):
    page.fill("#filter", "第三")
    assert page.locator("#branches tbody tr:visible").count() == 1
    assert page.inner_text("[data-filter-said]") == "显示 1 行，共 4 行"


def test_all_or_none_of_many_boxes_and_how_many_are_ticked(page):
    said = page.locator("#units [role=status]")
    assert said.inner_text() == "已选 0 个，共 2 个"
    page.click("#units button:text-is('全选')")
    assert said.inner_text() == "已选 2 个，共 2 个"
    page.uncheck("#units [value='1']")
    assert said.inner_text() == "已选 1 个，共 2 个"
    page.click("#units button:text-is('全不选')")
    assert (said.inner_text(), page.locator("#units :checked").count()) == ("已选 0 个，共 2 个", 0)


def test_a_number_opens_to_its_rows_and_gives_the_focus_back(page, site):
    page.click("#number")
    page.wait_for_selector("#drawer.show #drawer-body table")
    assert "党员大会" in page.inner_text("#drawer-body")
    assert page.url == site.address
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer", state="hidden")
    assert page.evaluate("document.activeElement.id") == "number"


def test_a_number_whose_rows_are_gone_says_so_in_the_servers_words(page):
    page.click("#gone")
    page.wait_for_selector(".notice")
    assert "这条记录已撤销。" in page.inner_text(".notice")
    page.wait_for_selector("#drawer", state="hidden")


def test_without_a_script_the_number_leads_to_its_rows(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    tab = context.new_page()
    tab.goto(site.address)
    assert not tab.is_visible("#drawer")
    assert not tab.is_visible("[data-large-print-toggle]")
    tab.click("#number")
    assert tab.url.endswith("/rows")
    context.close()


def test_what_was_typed_survives_a_closed_page_and_can_be_thrown_away(page):
    page.fill("#topic", "三月党员大会")
    page.check("[name=kind][value='2']")
    page.fill("#secret", "hush")
    page.wait_for_timeout(500)
    page.reload()
    assert page.input_value("#topic") == "三月党员大会"
    assert page.is_checked("[name=kind][value='2']")
    assert not page.is_checked("[name=kind][value='1']")
    assert page.input_value("#secret") == ""
    assert "hush" not in page.evaluate("JSON.stringify(localStorage)")

    page.click(".notice .btn-outline-secondary")
    assert page.input_value("#topic") == ""
    page.reload()
    assert page.input_value("#topic") == ""
    assert page.query_selector(".notice") is None


def test_another_account_does_not_see_the_draft(page):
    page.fill("#topic", "三月党员大会")
    page.wait_for_timeout(500)
    page.route("**/", lambda route: route.fulfill(body=route.fetch().text().replace('"7"', '"8"')))
    page.reload()
    assert page.get_attribute("body", "data-account") == "8"
    assert page.input_value("#topic") == ""


def test_a_double_click_posts_once_and_success_clears_the_draft(page, site):
    before = site.posts
    page.fill("#topic", "三月党员大会")
    page.dblclick("#save", no_wait_after=True)
    page.wait_for_url("**/taken")
    assert site.posts == before + 1
    assert "qizhi.draft.7.gathering" not in page.evaluate("Object.keys(localStorage)")
    page.goto(site.address)
    assert page.input_value("#topic") == ""


def test_going_back_gives_the_button_back(page):
    page.click("#save")
    page.wait_for_url("**/taken")
    page.go_back()
    assert page.is_enabled("#save")
    assert page.inner_text("#save") == "保存"


def test_large_print_stays_and_is_there_before_the_first_paint(page):
    normal = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.click("[data-large-print-toggle]")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 1.25 * normal
    page.route("**/main-*.js", lambda route: route.abort())
    page.reload()
    assert page.evaluate("document.documentElement.hasAttribute('data-large-print')")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_runs_over_the_edge(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("[data-large-print-toggle]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_menu_closes_with_escape_and_keeps_the_focus(page):
    page.click("details.dropdown summary")
    assert page.is_visible(".dropdown-item")
    page.keyboard.press("Escape")
    assert not page.is_visible(".dropdown-item")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
