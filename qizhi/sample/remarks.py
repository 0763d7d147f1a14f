"""What people of the branches said of their theme days without a name."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from qizhi.gatherings.enums import Ledger, Remark
from qizhi.gatherings.models import Feedback, Gathering
from qizhi.gatherings.rules.feedback import FEWEST_DUE, Voices, take_in
from qizhi.sample.diary import Diary, Key
from qizhi.sample.rows import chance, words

SINCE = dt.timedelta(days=365)
VOICES = (0, 0, 2, 3, 4, 6)
"""How many spoke, one as likely as the other: of many gatherings nobody says anything."""
LINE_SHARE = 0.4


@dataclass
class Remarks:
    """Writes what was said in the last year, for branches with people enough."""

    diary: Diary
    number: int

    def tell(self, branches: Collection[str]) -> None:
        """Of each theme day of these branches by itself."""
        for (code, ledger, *_), found in list(self.diary.held.items()):
            if ledger == Ledger.THEME_DAY and code in branches:
                for gathering in found:
                    if gathering.held_on > self.diary.until - SINCE:
                        self._of(gathering, code)

    def _of(self, gathering: Gathering, code: str) -> None:
        draw = chance(self.number, "remark", code, gathering.held_on)
        due = self.diary.due(code, gathering.held_on, [Key.THEME_DAY])
        number = draw.choice(VOICES)
        if not number or len(due) < max(FEWEST_DUE, number):
            return
        shown, waiting = Voices(), Voices()
        for _ in range(number):
            line = draw.choice(words("remarks")["lines"]) if draw.random() < LINE_SHARE else ""
            shown, waiting = take_in(shown, waiting, word=draw.choice(Remark.values), line=line)
        row = Feedback(
            id=uuid.UUID(int=draw.getrandbits(128), version=4),
            bureau_id=gathering.bureau_id,
            gathering=gathering,
            shown=shown.plain(),
            waiting=waiting.plain(),
        )
        self.diary.rows.made[Feedback].append(row)
