"""Folders in BEIR layout through the common runner."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from assistant.settings import Settings
from eval.beir import BeirError, BeirSet, Paragraph, write_beir
from eval.benchmark import is_benchmark, open_search, read_benchmark
from eval.models import Grade, Kind
from eval.runner import Job, run_job, start
from eval.sources import Sources
from eval.systems import MAMORI
from tests.fakes import FakeEncoder, FakeReranker

BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench" / "jsquad_test"
DATA = BeirSet(
    (
        Paragraph("p1", "お茶", "緑茶は八十度の湯で淹れます。"),
        Paragraph("p2", "お茶", "紅茶は三分蒸らします。"),
        Paragraph("p3", "パン", "生地を発酵させます。"),
    ),
    {"q1": "緑茶は何度の湯で淹れますか", "q2": "パンの生地はどうしますか", "q3": "誰も答えない質問"},
    {"q1": frozenset({"p1"}), "q2": frozenset({"p3", "p2"})},
)


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in BEIR layout; nothing answers the third question, two paragraphs the second."""
    write_beir(DATA, tmp_path / "tea")
    return tmp_path / "tea"


@pytest.fixture
def fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoder that is no model."""
    monkeypatch.setattr("assistant.wiring.build_encoder", lambda settings: FakeEncoder())


def test_a_folder_as_questions(folder: Path) -> None:
    """This test ensures that each relevant paragraph is one needed item that stands for a whole document."""
    benchmark = read_benchmark(folder)
    first, second, third = benchmark.questions.questions
    assert (first.id, first.question, first.kind, first.answerable) == ("q1", DATA.questions["q1"], Kind.FACT, True)
    places = [(gold.grade, [(t.doc_id, t.section, t.phrase) for t in gold.targets]) for gold in second.gold]
    assert places == [(Grade.NEEDED, [("p2", "", "")]), (Grade.NEEDED, [("p3", "", "")])]
    assert (third.gold, third.key_facts) == ((), ())
    assert [document.doc_id for document in benchmark.documents] == ["p1", "p2", "p3"]


def test_a_set_is_known_by_its_content(folder: Path, tmp_path: Path) -> None:
    """This test ensures that a copy is the same set and one changed line of any file makes another."""
    write_beir(DATA, tmp_path / "copy")
    one, copy = read_benchmark(folder).questions, read_benchmark(tmp_path / "copy").questions
    assert (one.name, one.sha256 == copy.sha256) == ("tea", True)
    with (tmp_path / "copy" / "qrels.tsv").open("a", encoding="utf-8") as file:
        file.write("q3\tp1\t1\n")
    assert read_benchmark(tmp_path / "copy").questions.sha256 != one.sha256


def test_what_counts_as_a_benchmark(folder: Path, tmp_path: Path) -> None:
    """This test ensures that neither the name of a set nor any other folder is taken for one."""
    assert is_benchmark(str(folder))
    assert not is_benchmark("readme")
    assert not is_benchmark(str(tmp_path))


def test_an_empty_folder_is_refused(folder: Path) -> None:
    """This test ensures that a layout without questions is an error rather than a run over nothing."""
    (folder / "queries.jsonl").write_text("\n", encoding="utf-8")
    (folder / "qrels.tsv").write_text("head\n", encoding="utf-8")
    with pytest.raises(BeirError, match=r"質問か文章がありません.*ください"):
        read_benchmark(folder)


@pytest.mark.usefixtures("fake_encoder")
def test_a_run_by_hand(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a run measures the search alone: what is found first, and nothing of answers."""
    used = tmp_path / "temporary"
    used.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(used))
    benchmark = read_benchmark(folder)
    system, indexed = open_search(benchmark, MAMORI, Settings(tmp_path), 20, nothing)
    assert list(used.iterdir()) == [], "the index is gone"
    assert (indexed.info.documents, indexed.info.encoder, indexed.info.generation) == (("p1", "p2", "p3"), "fake", None)
    job = Job(benchmark.questions, system, Sources(indexed.chunks), indexed.info, retrieval_only=True, texts=False)
    run = run_job(job, start(job, tmp_path / "runs"), nothing)
    assert run.summary is not None
    figures = run.summary.groups["all"]
    # q1: p1 first. q2: p3 first, p2 later, so half of what is needed at 1 and all of it at 10. q3: nothing to find.
    assert (figures["recall@1"].mean, figures["recall@1"].n) == (pytest.approx(0.75), 2)
    assert (figures["recall@10"].mean, figures["MRR@10"].mean) == (pytest.approx(1.0), pytest.approx(1.0))
    assert figures["right"].n == figures["citation_validity"].n == 0
    assert run.answers["q1"]["passages"][0]["doc_id"] == "p1"


@pytest.mark.usefixtures("fake_encoder")
def test_the_reranker_of_the_settings_is_used(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a folder of paragraphs is searched with the reranker that is set."""
    reranker = FakeReranker()
    monkeypatch.setattr("assistant.wiring.build_reranker", lambda settings: reranker)
    benchmark = read_benchmark(folder)
    system, _ = open_search(benchmark, MAMORI, Settings(tmp_path), 20, nothing)
    system.answer(benchmark.questions.questions[0])
    assert reranker.asked == [benchmark.questions.questions[0].question]


@pytest.mark.slow
@pytest.mark.skipif(not BENCH.is_dir(), reason="../shared/bench is not on this machine")
def test_the_search_as_shipped(tmp_path: Path) -> None:
    """This test ensures that the search finds the right paragraph first for 92.5 % of the questions of JSQuAD."""
    benchmark = read_benchmark(BENCH)
    system, indexed = open_search(benchmark, MAMORI, Settings(tmp_path), 20, nothing)
    job = Job(benchmark.questions, system, Sources(indexed.chunks), indexed.info, retrieval_only=True, texts=False)
    summary = run_job(job, start(job, tmp_path / "runs"), nothing).summary
    assert summary is not None
    found = summary.groups["all"]["recall@1"]
    assert found.n == 4420
    assert found.mean is not None
    assert found.mean >= 0.925
