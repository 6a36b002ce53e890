"""Many documents: files that hold several, indexes, threads, processes."""

import csv
import io
import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apograph
import pytest


def test_a_file_of_several_documents_is_read_one_by_one(invent, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "volume.txt"
    path.write_text(invent.volume(range(1, 8)), encoding="utf-8")
    documents = list(apograph.documents(path))
    assert [document.blocks[0].get("number") for document in documents] == [str(n) for n in range(1, 8)]
    assert documents[2].name == f"{path}#3"
    # Places are those in the file.
    lines = path.read_text(encoding="utf-8").splitlines()
    line = documents[2].inferences[0].line
    assert line and lines[line - 1].startswith("3. ")


def test_a_corpus_of_tei_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "corpus.xml"
    header = "<teiHeader><fileDesc><titleStmt><title>{0}</title></titleStmt></fileDesc></teiHeader>"
    with path.open("w", encoding="utf-8") as out:
        out.write('<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">' + header.format("All"))
        for number in range(300):
            body = f"<text><body><p>Text {number}.</p></body></text>"
            out.write(f"<TEI>{header.format(number)}{body}</TEI>\n")
        out.write("</teiCorpus>")
    found = apograph.documents(path)
    assert next(found).title == "0"
    *others, corpus = found
    assert len(others) == 299
    # What is said of all stands last.
    assert (corpus.title, corpus.text) == ("All", "")


def test_a_file_of_one_document_gives_one(cable: Path) -> None:
    (document,) = apograph.documents(cable)
    assert document.to_dict() == apograph.read(cable).to_dict()
    with pytest.raises(FileNotFoundError):
        apograph.documents("none.txt")


def test_an_index_is_a_table(cable: Path) -> None:
    index = apograph.index(sorted(cable.parent.glob("*.txt")))
    entry = index.entries[0]
    assert (entry.number, entry.place, entry.notes) == ("47", "Port Vale", 16)
    assert entry.date and entry.date.isoformat() == "1931-05-04"
    assert entry.senders == (apograph.Correspondent("the Consulate in Port Vale"),)
    assert len(index) == 3 == len(list(index))
    rows = list(csv.DictReader(io.StringIO(index.to_csv())))
    assert [row["title"] for row in rows] == [entry.title for entry in index]
    assert list(index.rows()[0]) == list(rows[0])
    assert index.to_graph()["nodes"]
    assert "<graphml" in index.to_graphml()
    assert "1931-05-04" in index.to_cmif(title="Letters", url="https://example.org/cmif.xml")


def test_an_index_goes_on_when_asked(cable: Path) -> None:
    sources: list[apograph.Source] = [cable, b"<?xml version='1.0'?><TEI"]
    with pytest.raises(apograph.ConversionError):
        apograph.index(sources)
    missed: list[apograph.ApographError] = []
    assert len(apograph.index(sources, on_error=missed.append)) == 1
    assert len(missed) == 1
    assert len(apograph.index(apograph.read(cable))) == 1


def test_threads_give_the_same_bytes(cable: Path) -> None:
    one = apograph.convert(cable, to="epub")["epub"]
    with ThreadPoolExecutor(4) as threads:
        made = threads.map(lambda _: apograph.convert(cable, to="epub")["epub"], range(24))
        assert set(made) == {one}


def test_python_goes_on_while_a_conversion_runs(invent) -> None:  # type: ignore[no-untyped-def]
    text = invent.volume(range(1, 400)).encode()
    done = threading.Event()

    def work() -> None:
        apograph.convert(text, to=["tei", "epub"], name="v.txt")
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    turns = 0
    while not done.is_set():
        turns += 1
        time.sleep(0.001)
    thread.join()
    # With the lock held there would be a turn or two in all.
    assert turns > 10


def _size(text: bytes) -> int:
    return len(apograph.convert(text, to="epub")["epub"])


def test_a_process_that_is_forked_has_workers_of_its_own() -> None:
    text = b"A Note\n\nDear Ada,\n\nCome soon.\n"
    here = _size(text)
    with multiprocessing.get_context("fork").Pool(2) as processes:
        assert processes.map_async(_size, [text] * 4).get(timeout=60) == [here] * 4
