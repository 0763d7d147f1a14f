"""Stories played step by step, each in a bureau of its own that is gone afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.values import dataclass
from qizhi.regulations.services.cases import CaseFile
from qizhi.web.stories.expecting import differences, say_standing
from qizhi.web.stories.facts import FACTS
from qizhi.web.stories.hearing import CASES
from qizhi.web.stories.office import OFFICE
from qizhi.web.stories.reading import Step, Story, read_stories
from qizhi.web.stories.stage import NothingThere, Stage, StoryError, set_stage

ACTS = {**FACTS, **OFFICE, **CASES}
MORNING, MINUTE = dt.time(8), dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Played:
    """A story with what came of each step, in words; `problem` is Chinese and empty when it holds."""

    story: Story
    lines: tuple[str, ...]
    problem: str = ""


def play_all(file: CaseFile) -> Iterator[Played]:
    """Play each story of a file, in order.

    Raises:
        CaseFileError: a story cannot be read.
    """
    for story in read_stories(file):
        yield play(file.entry, story)


def play(entry: Mapping[str, Any], story: Story) -> Played:
    """Play one story up to the first step that is other than expected; the database is as it was before."""
    lines: list[str] = []
    with transaction.atomic():
        try:
            with clock.at(story.steps[0].day):
                stage = set_stage(entry, story)
        except Refused as error:
            return Played(story, (), f"文件里的条款不能施行：{error}")
        problem = ""
        for number, step in enumerate(story.steps):
            at = dt.datetime.combine(step.day, MORNING, clock.ZONE) + number * MINUTE
            with clock.at(at):
                said, problem = _take(stage, step)
            lines.append(f"{step.day} {step.verb} {_say(step)}{f' → {said}' if said else ''}")
            if problem:
                problem = f"{step.line}{problem}"
                break
        transaction.set_rollback(True)
    return Played(story, tuple(lines), problem)


def _take(stage: Stage, step: Step) -> tuple[str, str]:
    """What a step says of itself, and what is other than expected."""
    try:
        with transaction.atomic():
            said = ACTS[step.verb](stage, step)
    except (NothingThere, Refused) as error:
        if step.refused and step.refused in str(error):
            return f"被拒：{error}", "；".join(differences(stage, step.expected))
        return "", str(error) if isinstance(error, StoryError) else f"被拒：{error}"
    except StoryError as error:
        return "", str(error)
    if step.refused:
        return said, f"应被拒（{step.refused}），却办成了"
    try:
        problem = "；".join(differences(stage, step.expected))
    except StoryError as error:
        return said, str(error)
    if "成立" in step.expected:
        said = "。".join(filter(None, [said, say_standing(stage)]))
    return said, problem


def _say(step: Step) -> str:
    return str(getattr(step.subject, "label", step.subject))
