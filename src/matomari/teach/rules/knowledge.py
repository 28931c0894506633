"""All that the families of rules share: word forms, tags, what the corpus holds, the user's terms, and the vetoes."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from ..graph.entities import Entities, Mention, clear_noun
from ..graph.vocabulary import Vocabulary
from ..graph.wordnet import Synset, WordNet
from .lexicon import synonyms
from .sentence import Sentence
from .statistics import Statistics
from .tagging import Tagger
from .vetoes import Vetoes

FLOOR_NOUN, FLOOR_VERB, FLOOR_ADJECTIVE = 6, 8, 3  # times that a word must stand in the corpus to be put into its sentences
STEPS, SHALLOW = 3, 5  # of the hypernym that two nouns share: steps above them, and the least depth
DEEP = 7  # least depth of a noun that is put in: equipment and costume are too much of everything
_SEEN_VERBS = frozenset({29, 33, 34, 35, 36, 38})  # WordNet's verbs of the body, contest, eating, touch, making and motion
FAMILY = 200  # a hypernym with more frequent nouns below it than this is too general


class Reading(NamedTuple):
    """A sentence with the tags of its tokens."""

    sentence: Sentence
    tags: tuple[str, ...]


class Knowledge:
    """What the rules know.

    Parameters
    ----------
    wordnet : WordNet, optional
    vocabulary : Vocabulary, optional
    statistics : Statistics, optional
        Without them the rules know our tables alone.
    balanced : bool
        See `Vetoes`.
    """

    def __init__(
        self,
        wordnet: WordNet | None = None,
        vocabulary: Vocabulary | None = None,
        statistics: Statistics | None = None,
        *,
        balanced: bool = False,
    ) -> None:
        self.wordnet, self.vocabulary, self.statistics = wordnet, vocabulary or Vocabulary(), statistics or Statistics()
        self.balanced = balanced
        self.tagger, self.vetoes = Tagger(wordnet), Vetoes(wordnet, balanced=balanced)
        self.counts = {pos: self._lemmas(pos) for pos in ("n", "v")} if wordnet else {"n": Counter[str](), "v": Counter[str]()}
        self._floor = min(FLOOR_NOUN, max(2, self.statistics.sentences // 100))  # of a short list less can be asked
        self.entities = Entities(wordnet, self.vocabulary, self.counts["n"] if wordnet else None, floor=self._floor)
        self.anything = Entities(wordnet, self.vocabulary)  # for comparing: also rare nouns
        self.sisters = lru_cache(maxsize=50_000)(self._sisters)
        self.rivals = lru_cache(maxsize=50_000)(self._rivals)
        self._speaks = lru_cache(maxsize=50_000)(self._may_have_synonym)
        self._below = self._by_hypernym()
        self._read = lru_cache(maxsize=64)(self._tagged)
        self.sentence = lru_cache(maxsize=64)(Sentence)

    def read(self, text: str) -> Reading:
        """A text with the tags of its tokens."""
        return self._read(text)

    def _tagged(self, text: str) -> Reading:
        sentence = self.sentence(text)
        return Reading(sentence, self.tagger.tags(sentence))

    def _lemmas(self, pos: str) -> Counter[str]:
        """How often each noun or verb stands in the corpus, whatever its form."""
        counts: Counter[str] = Counter()
        for word, count in self.statistics.words.items():
            known = self.tagger.word(word)
            lemma = known.noun if pos == "n" else known.verb
            if lemma:
                counts[lemma[0]] += count
        return counts

    def _by_hypernym(self) -> dict[tuple[str, int], list[str]]:
        """The frequent and clear nouns below each synset that is deep enough, by up to a few steps."""
        net, below = self.wordnet, dict[tuple[str, int], list[str]]()
        if net is None:
            return below
        for lemma, count in sorted(self.counts["n"].items()):
            if count >= self._floor and self.entities.noun(lemma) == lemma and not self.vetoes.people(lemma):
                first = net.senses(lemma, "n")[0]
                for above in self._above(first) if len(net.path(first)) > DEEP else ():
                    below.setdefault(above.key, []).append(lemma)
        return below

    def _above(self, synset: Synset) -> list[Synset]:
        assert self.wordnet is not None
        return self.wordnet.path(synset)[SHALLOW:-1][-STEPS:]

    def _sisters(self, lemma: str) -> tuple[tuple[str, str], ...]:
        """Co-hyponyms of a noun that the corpus holds, each with the hypernym that they share; no veto stands against them."""
        net = self.wordnet
        if net is None or not net.senses(lemma, "n"):
            return ()
        found: dict[str, str] = {}
        own = net.senses(lemma, "n")[0]
        for above in reversed(self._above(own)):
            members = self._below.get(above.key, [])
            if len(members) > FAMILY:
                break
            for other in members:
                alike = _is_name(own) == _is_name(net.senses(other, "n")[0])
                if alike and other != lemma and other not in found and not self.vetoes.why(lemma, other, "n"):
                    found[other] = above.words[0]
        return tuple(found.items())

    def _rivals(self, lemma: str) -> tuple[str, ...]:
        """Co-hyponyms of a verb in its first sense that the corpus holds often; no veto stands against them."""
        net = self.wordnet
        if net is None or not net.senses(lemma, "v"):
            return ()
        own, found = net.senses(lemma, "v")[0], set[str]()
        if own.lexfile not in _SEEN_VERBS:
            return ()  # of what is said, thought or owned, co-hyponyms often mean the same
        for above in net.hypernyms(own):
            for sister in net.hyponyms(above):
                for word in sister.words:
                    known = net.senses(word, "v")
                    frequent = self.counts["v"][word] >= FLOOR_VERB and net.count(word, "v") >= max(3, net.count(word, "n"))
                    if (
                        known
                        and known[0] is sister
                        and frequent
                        and word != lemma
                        and " " not in word
                        and not self.vetoes.why(lemma, word, "v")
                    ):
                        found.add(word)
        return tuple(sorted(found))

    def mentions(self, text: str) -> list[Mention]:
        """Entities that a rule may swap: the user's, and frequent clear nouns."""
        return self.entities(text)

    def frequent(self, word: str, floor: int = FLOOR_ADJECTIVE) -> bool:
        """Whether the corpus holds the word; without statistics, any word is taken."""
        return not self.statistics.words or self.statistics.words[word] >= floor

    def may_have_synonym(self, word: str) -> bool:
        """Whether it is worth looking for synonyms of a word, whatever its place."""
        return self._speaks(word)

    def _may_have_synonym(self, word: str) -> bool:
        known = self.tagger.word(word)
        if word in synonyms("any") or word in synonyms("noun") or (known.verb and known.verb[0] in synonyms("verb")):
            return True
        senses = self.wordnet.senses(known.noun[0], "n") if self.wordnet and known.noun else ()
        return bool(known.noun and known.noun[0] in synonyms("noun")) or (len(senses) == 1 and len(senses[0].words) > 1)

    def is_many(self, word: str) -> bool:
        """Whether a noun stands for more than one."""
        noun = self.tagger.word(word).noun
        return word in ("people", "police", "cattle") or bool(noun and noun[1] == "s")

    def is_clear_noun(self, lemma: str) -> bool:
        """Whether a noun can hardly be anything else (see `graph.entities.clear_noun`)."""
        return self.wordnet is not None and clear_noun(self.wordnet, lemma)


def _is_name(synset: Synset) -> bool:
    """Whether it is one certain thing, such as a town."""
    return any(pointer.kind == "@i" for pointer in synset.pointers)
