"""Texts about a few topics, and a column of a grouping."""

from __future__ import annotations

import numpy as np

import matomari

TOPICS = {
    "card": ["my {} card was stolen", "I lost the {} card", "where is my {} card", "the {} card has not arrived", "freeze my {} card now"],
    "weather": [
        "will it rain in {} tomorrow",
        "how warm is {} today",
        "weather forecast for {}",
        "is it snowing in {}",
        "storm warning near {}",
    ],
    "recipe": [
        "how do I cook {} soup",
        "a recipe for {} stew",
        "how long to bake {} bread",
        "what spices go with {}",
        "can I freeze {} curry",
    ],
    "flight": [
        "book a flight to {}",
        "cheapest plane ticket to {}",
        "is my flight to {} delayed",
        "change my seat on the {} flight",
        "luggage on flights to {}",
    ],
    "music": ["play the new {} album", "who sings {}", "turn up the {} song", "add {} to my playlist", "next track by {}"],
    "garden": [
        "when to plant {} seeds",
        "my {} leaves turn yellow",
        "how much water does {} need",
        "prune the {} bush",
        "compost for {} beds",
    ],
}


FILLERS = {
    "card": ["debit", "credit", "bank", "blue", "business", "virtual"],
    "weather": ["Oslo", "Kyoto", "Lima", "Cairo", "Boston", "Perth"],
    "recipe": ["lentil", "pumpkin", "chicken", "tomato", "bean", "carrot"],
    "flight": ["Paris", "Rome", "Delhi", "Madrid", "Toronto", "Seoul"],
    "music": ["Beatles", "Bowie", "Mozart", "Adele", "Queen", "Coltrane"],
    "garden": ["rose", "basil", "tulip", "lavender", "fern", "ivy"],
}


def topical() -> tuple[list[str], list[str]]:
    made = [(pattern.format(word), topic) for topic, patterns in TOPICS.items() for pattern in patterns for word in FILLERS[topic]]
    order = np.random.default_rng(0).permutation(len(made))
    return [made[i][0] for i in order], [made[i][1] for i in order]


def column(found: matomari.Grouping, name: str) -> np.ndarray:
    return found.items[name].to_numpy()
