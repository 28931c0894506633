"""Sentences of several lengths that share words."""

from __future__ import annotations

THINGS = ["bolt", "red screw", "loan", "lost card", "holiday in Peru", "tax form", "kettle", "printer", "song", "knee pain"]


ASKS = ["where is my", "how much is a", "please cancel the", "I like this", "nobody told me about the"]


ENDS = ["", " today", " in Paris?", " for two people, please", " and why it took so long to arrive at the office last week"]


COLOURS = ["", "old ", "new ", "cheap "]


TEXTS = [f"{ask} {colour}{thing}{end}" for ask in ASKS for colour in COLOURS for thing in THINGS for end in ENDS]
