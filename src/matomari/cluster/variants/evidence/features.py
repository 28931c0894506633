"""The names of the numbers that the evidence of a pair is, in order, and which way each speaks."""

from __future__ import annotations

# name: +1 where more of it can only speak for one thing, -1 against, 0 either way
OF_A_PAIR = {
    "surprise": 1, "share_low": 1, "share_high": 1, "rare": 1, "coded": 1, "numbers": 0, "joint": -1,
    "left_low": -1, "left_high": -1, "words_low": -1, "words_high": -1, "words_one": -1,
    "quantity_conflict": -1, "number_conflict": -1, "code_conflict": -1, "member_conflict": -1, "kanji_conflict": -1,
    "form_conflict": -1, "number_one": -1, "long_one": -1, "quantity_one": -1, "pieces_one": -1, "code_one": -1, "member_one": -1, "modifier_one": -1, "number_typo": -1,
    "typo_new": -1, "typo_known": -1, "abbreviations": 0, "initials": 0, "joined": 0, "contained": 0, "contained_rest": -1,
    "bare_numbers": -1, "conflicts_share": -1, "turned": 0, "same_first": 0, "taken": -1, "words_apart": -1,
    "numbers_apart": -1, "extra": 0, "longer": 0, "street_conflict": -1,
}  # fmt: skip
OF_LETTERS = {"letters": 1, "meaning": 1, "ratio": 1, "sorted_ratio": 1, "rest_alike": 0, "length_difference": 0}
OF_THE_LIST = {"chance": 0, "above": 1, "top": 1, "rank": -1, "mutual": -1, "gap": 1, "rivals": -1, "copies": 0, "shape": 0}
NAMES = {**OF_A_PAIR, **OF_LETTERS, **OF_THE_LIST}
PLACE = {name: i for i, name in enumerate(NAMES)}
CONFLICTS = ("quantity_conflict", "number_conflict", "code_conflict", "member_conflict")
ALONE = ("number_one", "long_one", "quantity_one", "pieces_one", "code_one", "member_one", "modifier_one")
