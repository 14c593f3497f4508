"""Other ways to answer, over the same entries: each gets an entry's whole text as one document."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.content.english import load_language
from bot.content.kept import read_index, write_index
from bot.content.shelf import unhurried_collector
from bot.core.library import Library
from bot.core.model import Entry, Knowledge

TOP = 3


class Peer(Protocol):
    """A way to answer."""

    name: str

    def build(self, knowledge: Knowledge) -> None:
        """Index the entries."""

    def search(self, question: str) -> list[str]:
        """Return up to three ids of entries, best first; none when it declines."""


def text_of(entry: Entry) -> str:
    parts = [*entry.names, entry.summary, *entry.clues, *entry.terms]
    parts += [part for fact in entry.facts for part in (fact.text, *fact.terms)]
    parts += [difference.this for difference in entry.differences]
    parts += [duty for duties in entry.duties.values() for duty in duties]
    return "\n".join(parts)


class StudyBot:
    name = "study bot"

    def __init__(self, kept: Path) -> None:
        self._kept = kept

    def build(self, knowledge: Knowledge) -> None:
        with unhurried_collector():  # as the running bot does
            self._library = Library(knowledge, load_language())

    def keep(self) -> None:
        write_index(self._kept, "", self._library.indexed)

    def search(self, question: str) -> list[str]:
        reply = self._library.answer(question)
        ids = [found.entry.id for found in reply.answers]
        if reply.kind != "none":
            ids += [hit.entry.id for hit in reply.alternatives]
        return ids[:TOP]


class KeptStudyBot(StudyBot):
    """A start after the first: the index is read from where an earlier process kept it."""

    name = "study bot, started again"

    def build(self, knowledge: Knowledge) -> None:
        with unhurried_collector():
            indexed = read_index(self._kept, "")
            assert indexed is not None
            self._library = Library(knowledge, load_language(), indexed=indexed)


class RapidFuzz:
    def __init__(self, scorer: str) -> None:
        self.name = f"rapidfuzz {scorer}"
        self._scorer_name = scorer

    def build(self, knowledge: Knowledge) -> None:
        from rapidfuzz import fuzz, utils

        self._scorer = getattr(fuzz, self._scorer_name)
        self._processor = utils.default_process
        self._texts = {e.id: self._processor(text_of(e)) for e in knowledge.entries}

    def search(self, question: str) -> list[str]:
        from rapidfuzz import process

        found = process.extract(
            self._processor(question), self._texts, scorer=self._scorer, processor=None, limit=TOP
        )
        return [key for _, _, key in found]


class Bm25s:
    name = "bm25s"

    def build(self, knowledge: Knowledge) -> None:
        import bm25s
        import Stemmer

        self._bm25s = bm25s
        self._stemmer = Stemmer.Stemmer("english")
        self._ids = [entry.id for entry in knowledge.entries]
        tokens = self._tokens([text_of(entry) for entry in knowledge.entries])
        self._index = bm25s.BM25()
        self._index.index(tokens, show_progress=False)

    def _tokens(self, texts: Sequence[str]):
        return self._bm25s.tokenize(
            list(texts), stopwords="en", stemmer=self._stemmer, show_progress=False
        )

    def search(self, question: str) -> list[str]:
        tokens = self._tokens([question])
        if not tokens.vocab:
            return []
        k = min(TOP, len(self._ids))
        found, _ = self._index.retrieve(tokens, k=k, show_progress=False)
        return [self._ids[place] for place in found[0]]


class Fts5:
    def __init__(self, tokenizer: str) -> None:
        self.name = f"SQLite FTS5 {tokenizer.split()[0]}"
        self._tokenizer = tokenizer

    def build(self, knowledge: Knowledge) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute(
            "CREATE VIRTUAL TABLE entries"
            f" USING fts5(id UNINDEXED, body, tokenize='{self._tokenizer}')"
        )
        rows = ((entry.id, text_of(entry)) for entry in knowledge.entries)
        self._db.executemany("INSERT INTO entries VALUES (?, ?)", rows)

    def search(self, question: str) -> list[str]:
        least = 3 if self._tokenizer == "trigram" else 1
        words = [w for w in re.findall(r"\w+", question.lower()) if len(w) >= least]
        if not words:
            return []
        match = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        query = "SELECT id FROM entries WHERE entries MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in self._db.execute(query, (match, TOP))]


class Tantivy:
    name = "tantivy"

    def build(self, knowledge: Knowledge) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True)
        builder.add_text_field("body", tokenizer_name="en_stem")
        self._index = tantivy.Index(builder.build())
        writer = self._index.writer(heap_size=50_000_000, num_threads=1)
        for entry in knowledge.entries:
            writer.add_document(tantivy.Document(id=[entry.id], body=[text_of(entry)]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, question: str) -> list[str]:
        words = " ".join(re.findall(r"\w+", question))
        if not words:
            return []
        query = self._index.parse_query(words.lower(), ["body"])
        hits = self._searcher.search(query, TOP).hits
        return [self._searcher.doc(address)["id"][0] for _, address in hits]


def peers(kept: Path) -> list[Peer]:
    """Return the bot and its peers, the bot first; ``kept`` is where it keeps its index."""
    return [
        StudyBot(kept),
        KeptStudyBot(kept),
        RapidFuzz("WRatio"),
        RapidFuzz("token_set_ratio"),
        Bm25s(),
        Fts5("porter unicode61"),
        Fts5("trigram"),
        Tantivy(),
    ]
