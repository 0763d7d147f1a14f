"""What apps above say of a finding: they register, and nobody below knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.regulations.models import Finding, Version


@dataclass(frozen=True, slots=True)
class FindingMention:
    """Something that came of a finding, or a step that makes something of it.

    Attributes:
        text: Chinese; its words.
        address: where it stands.
        is_step: whether the reader can take it now.
    """

    text: str
    address: str
    is_step: bool = False


Find = Callable[[Actor, Finding], Iterable[FindingMention]]
_finders: dict[str, Find] = {}


def register_finding_mentions(key: str, find: Find) -> None:
    """Let an app say what came of a finding, in a constant number of queries."""
    _finders[key] = find


def mentions_of(actor: Actor, finding: Finding) -> list[FindingMention]:
    """What the actor may see of it, and do with it, in the order of the apps' keys."""
    return [mention for key in sorted(_finders) for mention in _finders[key](actor, finding)]


Hold = Callable[[Finding], None]
_holds: dict[str, Hold] = {}


def register_finding_hold(key: str, check: Hold) -> None:
    """Let an app refuse that a finding is withdrawn while something rests on it."""
    _holds[key] = check


def check_held(finding: Finding) -> None:
    """Whether a finding may be withdrawn.

    Raises:
        Refused: something that counts rests on it.
    """
    for check in _holds.values():
        check(finding)


Quote = Callable[[Actor, Version, dt.date], Iterable[FindingMention]]
_quoters: dict[str, Quote] = {}


def register_version_quotes(key: str, find: Quote) -> None:
    """Let an app say what quotes a version for facts from a day on, in a constant number of queries."""
    _quoters[key] = find


def quotes_of(actor: Actor, version: Version, since: dt.date) -> list[FindingMention]:
    """What the actor may see of what quotes a version for facts from the day on."""
    return [one for key in sorted(_quoters) for one in _quoters[key](actor, version, since)]
