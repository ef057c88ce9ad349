"""A stand-in for the assistant: it answers at once, from invented documents, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.generate.events import Done, Event, Source, Sources, Text
from assistant.models import Answer, AnswerStatus, Citation, Sentence, Support, Timing, Turn
from corpus.models import BlockKind, Chunk, Document
from index.models import SearchResult

NOTHING_FOUND = "天気"
HOSTILE_SUGGESTION = "![x](http://evil.example/x.png) <img src=http://evil.example/y> https://evil.example/ について"
SECTION = ("お菓子の手引き", "作り方")
PASSAGE = "材料は三日前に量ります。\n粉は二度ふるいます。二度ふるうと、だまが残りません。\n焼く前に型を冷やします。"

HANDBOOK = Document(
    doc_id="cakes",
    title="お菓子の手引き",
    publisher="製菓研究会",
    published="2026-04",
    edition="2026年4月発行",
    replaces=(),
    source_url="https://example.org/cakes",
    path="cakes.pdf",
    sha256="0" * 64,
)
DIGEST = replace(
    HANDBOOK,
    doc_id="digest-bread",
    title="パンの手引き（要約）",
    published="2025-01-21",
    edition="第9回",
    source_url="https://example.org/bread",
    path="bread.md",
    digest_of="bread",
    credit="出典：製菓研究会ウェブサイトを加工して作成",
)
CAKE_CHUNK = Chunk("c1", "cakes", SECTION, PASSAGE, BlockKind.PARAGRAPH, 5, 5, "3")
BREAD_CHUNK = Chunk("c2", "digest-bread", ("パン",), "生地は一晩休ませます。", BlockKind.PARAGRAPH, None, None, "13–14")


def citation(marker: int = 1, chunk: Chunk = CAKE_CHUNK, quote: str = "粉は二度ふるいます。") -> Citation:
    """A citation of one of the invented documents."""
    document = HANDBOOK if chunk.doc_id == "cakes" else DIGEST
    return Citation(
        marker=marker,
        doc_id=chunk.doc_id,
        document_title=document.title,
        edition=document.edition,
        published=document.published,
        section=chunk.section_path,
        start_page=chunk.start_page,
        end_page=chunk.end_page,
        page_label=chunk.page_label,
        quote=quote,
        source_url=document.source_url,
        sha256=document.sha256,
        status=Support.VERBATIM,
        chunk_id=chunk.chunk_id,
        is_digest=document.is_digest,
        publisher=document.publisher,
        credit=document.credit,
    )


ANSWERED = Answer(
    question="粉はどうしますか",
    standalone_question="粉はどうしますか",
    text="**すること**\n\n1. **粉**は二度ふるいます。[1]\n   - 型は冷やします。[1]\n2. 生地は休ませます。[2]",
    sentences=(Sentence("粉は二度ふるいます。", (1,), Support.VERBATIM),),
    citations=(citation(), citation(2, BREAD_CHUNK, "生地は一晩休ませます。")),
    passages=(SearchResult(CAKE_CHUNK, 1.0, 1), SearchResult(BREAD_CHUNK, 0.5, 2)),
    status=AnswerStatus.ANSWERED,
    notes=("新しい版があります。",),
    timing=Timing(12.3, 3.4, 15.7),
)
NOT_FOUND = Answer(
    question=NOTHING_FOUND,
    standalone_question=NOTHING_FOUND,
    text="お菓子のことだけお答えできます。",
    sentences=(),
    citations=(),
    passages=(SearchResult(CAKE_CHUNK, 0.1, 1),),
    status=AnswerStatus.NOT_IN_CORPUS,
    suggestions=("粉は何回ふるいますか？", HOSTILE_SUGGESTION),
)


@dataclass
class FakeAssistant:
    """Finds nothing about the weather and knows one answer to everything else."""

    documents: tuple[Document, ...] = (HANDBOOK, DIGEST)
    asked: list[tuple[str, tuple[Turn, ...], Collection[str] | None]] = field(default_factory=list)
    error: Exception | None = None

    def warm_up(self) -> None:
        """Has nothing to make ready."""

    def ask(self, question: str, history: Sequence[Turn] = (), doc_ids: Collection[str] | None = None) -> Answer:
        """Note the question and answer it."""
        self.asked.append((question, tuple(history), doc_ids))
        if self.error:
            raise self.error
        found = NOT_FOUND if NOTHING_FOUND in question else ANSWERED
        return replace(found, question=question, standalone_question=question)


MODEL, HOST = "openai:scripted", "model.example"
WRITTEN = replace(
    ANSWERED,
    text=(
        "**粉は**二度ふるいます。 [1] 型は前の日に冷やします。 [1] "
        "砂糖は九回ふるいます。 （※資料で確かめられません）\n\n"
        "**資料には次の記述もあります**\n\n- 生地は一晩休ませます。 [2]"
    ),
    sentences=(
        Sentence("粉は二度ふるいます。", (1,), Support.VERBATIM),
        Sentence("型は前の日に冷やします。", (1,), Support.WEAK),
        Sentence("砂糖は九回ふるいます。", (), Support.UNSUPPORTED),
        Sentence("生地は一晩休ませます。", (2,), Support.VERBATIM),
    ),
    notes=("資料で確かめられない文が 1 文あります。印をつけました。",),
    generated=True,
    model=MODEL,
)
STOPPED = replace(WRITTEN, text="粉は二度ふるいます。 [1]", notes=("停止しました。",), fault="stopped")


@dataclass
class FakeWriter:
    """A language model's part: gives its sources and half a text, then waits until it may go on or is stopped."""

    model: str = MODEL
    remote_host: str | None = None
    asked: list[tuple[str, tuple[Turn, ...], Collection[str] | None]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    stopped: int = 0
    error: Exception | None = None

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        doc_ids: Collection[str] | None = None,
        top_k: int = 20,
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Note the question and answer it."""
        self.asked.append((question, tuple(history), doc_ids))
        yield Sources((Source(1, CAKE_CHUNK, HANDBOOK), Source(2, BREAD_CHUNK, DIGEST)), self.model)
        yield Text("**粉は**二度ふるいます。 [1]", "**粉は**二度ふるいます。 [1]")
        while not self.go_on.wait(0.01):
            if stop is not None and stop.is_set():
                self.stopped += 1
                yield Done(replace(STOPPED, question=question, standalone_question=question))
                return
        if self.error:
            raise self.error
        yield Done(replace(WRITTEN, question=question, standalone_question=question))
