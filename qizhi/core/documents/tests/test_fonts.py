import typst
from django.conf import settings

from qizhi.core.documents.fonts import Hand, plan_fonts


class OfficeFonts:
    """A folder with the office's own fonts, which no test can hold: they are licensed."""

    def __init__(self, **_options):
        self.found = [
            "FZXiaoBiaoSong-B05S",
            "FangSong_GB2312",
            "KaiTi_GB2312",
            "Noto Serif SC",
            "Noto Sans SC",
        ]

    def families(self):
        return self.found


def test_open_fonts_stand_in_for_every_hand():
    plan = plan_fonts(settings.PDF_FONT_DIRS)
    assert plan.families[Hand.BODY] == ("Noto Serif SC", "Noto Sans SC")
    assert plan.families[Hand.BLACK] == ("Noto Sans SC", "Noto Serif SC")
    assert plan.stand_ins == frozenset(Hand)
    assert plan.weights[Hand.TITLE] > plan.weights[Hand.BODY]


def test_the_offices_own_fonts_come_first(monkeypatch, tmp_path):
    monkeypatch.setattr(typst, "Fonts", OfficeFonts)
    plan = plan_fonts([tmp_path])
    assert plan.families[Hand.TITLE][0] == "FZXiaoBiaoSong-B05S"
    assert plan.families[Hand.BODY][0] == "FangSong_GB2312"
    assert plan.families[Hand.KAI][0] == "KaiTi_GB2312"
    assert plan.families[Hand.SONG][0] == "Noto Serif SC"
    assert plan.stand_ins == {Hand.BLACK, Hand.SONG}
