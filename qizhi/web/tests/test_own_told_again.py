"""Who was told again reads by either door what was told before, what they said then, and until when they can speak."""

from __future__ import annotations

from django.urls import reverse

from qizhi.conduct.services.correcting import notify_again
from qizhi.conduct.services.drafts import draft_case, facts_of_finding
from qizhi.conduct.services.hearing import notify_case, state_case
from qizhi.conduct.tests.conftest import desk, finding, rules, story  # noqa: F401 - fixtures
from qizhi.conduct.tests.test_told_again import AGAIN, TOLD, replace
from qizhi.core import clock
from qizhi.web.tests.test_own import come_in, printed  # noqa: F401 - a fixture

UNTIL = "2018年1月24日"


def test_it_stands_on_the_page_that_a_code_opens(cast, finding, story, printed):  # noqa: F811
    case = notify_case(
        draft_case(facts_of_finding(finding), by=story.recorder), notified_on=TOLD, by=story.recorder
    )
    state_case(case, text="只有一次", stated_on=TOLD, by=cast.actor("member"))
    with clock.at(AGAIN):
        replace(finding)
        notify_again(case, notified_on=AGAIN, by=story.recorder)
        client, _ = come_in()
        page = client.get(reverse("web:own_case", args=[case.pk])).content.decode()
        assert client.get(reverse("web:own_paper", args=[case.pk, "corrected-notice"])).status_code == 200
    for words in ("更正以前告知的", "党员丁未着制服。", "只有一次", "党员丁两次未着制服。", f"到{UNTIL}"):
        assert words in page
