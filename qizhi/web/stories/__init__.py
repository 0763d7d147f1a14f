"""Golden cases that tell of steps: facts, corrections, runs, decisions, appeals and runs again.

They are played by the services that the pages use, in a bureau of their own, and leave nothing behind.
"""

from __future__ import annotations

from qizhi.web.stories.playing import Played, play, play_all
from qizhi.web.stories.reading import Story, read_stories

__all__ = ["Played", "Story", "play", "play_all", "read_stories"]
