"""The job on a cluster of two workers, with two thousand invented documents: the same bytes as on one machine, whatever
happens on the way.

    APOGRAPH=path/to/apograph WHEEL=path/to/apograph.whl pytest examples/spark
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import convert  # noqa: E402
import invent  # noqa: E402

COUNT = int(os.environ.get("DOCUMENTS", "2000"))
WHEEL = os.environ["WHEEL"]
BINARY = os.environ["APOGRAPH"]
# All passes but the one that looks at the other files of a run: here each document is alone.
ENRICH = ["correspondence", "source", "dates"]
POISON = '<?xml version="1.0"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n  <text><p>no end\n'


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("apograph on two workers")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.memory", "1g")
        .config("spark.executor.memory", "1g")
        # Small shares, so that a worker that is lost takes little along, and there is one to be lost with.
        .config("spark.sql.files.maxPartitionBytes", "512k")
        .config("spark.sql.files.openCostInBytes", "8k")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents, in folders of a hundred, and one that can't be read among them."""
    root = tmp_path_factory.mktemp("archive")
    for number in range(1, COUNT + 1):
        path = root / f"box {number // 100:02}" / f"d{number:05}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(invent.transcript(number), encoding="utf-8")
    (root / "box 01" / "poison.xml").write_text(POISON, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def alone(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the binary makes of them on one machine."""
    out = tmp_path_factory.mktemp("alone")
    command = [BINARY, "convert", str(archive), "--to", "tei,epub", "--enrich", ",".join(ENRICH),
               "-o", str(out), "--quiet"]  # fmt: skip
    assert subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 1
    return outputs(out)


def outputs(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    named = ((path.relative_to(folder), path) for path in found)
    return {str(name): path.read_bytes() for name, path in named if not name.parts[0].startswith(".")}


def told(folder: Path, **said: object) -> Namespace:
    usual: dict[str, object] = {"table": None, "files": None, "id": "id", "text": "text", "partitions": None}
    usual["options"] = json.dumps({"enrich": ENRICH})
    places = {"out": str(folder / "out"), "report": str(folder / "report"), "wheel": WHEEL, "to": "tei,epub"}
    return Namespace(**usual | places | said)


def executors() -> list[int]:
    """The processes of the workers that this test has started."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,args"], check=True, capture_output=True, text=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    parents = {int(pid): int(parent) for pid, parent, *_ in rows}

    def ours(pid: int) -> bool:
        while pid > 1:
            pid = parents.get(pid, 0)
            if pid == os.getpid():
                return True
        return False

    return [int(pid) for pid, _, *args in rows if args and "CoarseGrainedExecutorBackend" in args[0] and ours(int(pid))]


def kill_one(out: Path, killed: list[int]) -> None:
    """Kills a worker when a part of the work is done."""
    for _ in range(1200):
        if sum(1 for _ in out.rglob("*.xml")) > COUNT // 8:
            victim = executors()[0]
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)
            return
        time.sleep(0.1)


def test_poison_and_a_killed_worker_change_nothing_else(
    spark: SparkSession, archive: Path, alone: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cluster")
    killed: list[int] = []
    killer = threading.Thread(target=kill_one, args=(folder / "out", killed))
    killer.start()
    counted = convert.run(spark, told(folder, files=str(archive)))
    killer.join()
    assert killed, "no worker was killed while it worked"
    # What the lost worker had done is found done when its share is done again.
    assert counted.pop("failed") == 1 and sum(counted.values()) == COUNT
    made = outputs(folder / "out")
    assert len(made) == 2 * COUNT
    assert made == alone

    report = spark.read.parquet(str(folder / "report"))
    assert report.count() == COUNT + 1 == report.select("name").distinct().count()
    (failed,) = report.where("status = 'failed'").collect()
    assert (failed["name"], failed["code"]) == ("box 01/poison.xml", "failure.not-well-formed")
    assert failed["line"] and json.loads(failed["diagnostics"])
    row = report.where("name = 'box 00/d00047.txt'").first()
    assert row["notes"] > 0 and {made["path"] for made in row["outputs"]} == {"box 00/d00047.xml", "box 00/d00047.epub"}
    seconds = report.groupBy().sum("seconds").first()[0]
    print(f"\n{COUNT} documents: {seconds / COUNT * 1000:.2f} ms CPU for each")

    # Again: what is done is skipped, what changed is done, what was lost is made anew.
    changed = archive / "box 00" / "d00001.txt"
    before = changed.read_bytes()
    changed.write_text(invent.transcript(COUNT + 1), encoding="utf-8")
    (folder / "out" / "box 00" / "d00002.epub").unlink()
    try:
        counted = convert.run(spark, told(folder, files=str(archive)))
    finally:
        changed.write_bytes(before)
    assert counted == {"unchanged": COUNT - 2, "converted": 2, "failed": 1}
    assert (folder / "out" / "box 00" / "d00002.epub").read_bytes() == alone["box 00/d00002.epub"]


def test_records_of_a_table(spark: SparkSession, alone: dict[str, bytes], tmp_path: Path) -> None:
    numbers = range(1, 61)
    lines = tmp_path / "records.jsonl"
    records = [{"letter": f"d{number:05}", "body": invent.transcript(number)} for number in numbers]
    strange = [{"letter": "../../etc/passwd", "body": "x"}, {"letter": None, "body": "x"}, {"letter": "n", "body": None}]
    lines.write_text("".join(json.dumps(record) + "\n" for record in records + strange), encoding="utf-8")
    spark.read.json(str(lines)).write.parquet(str(tmp_path / "records.parquet"))
    for name in ("records.jsonl", "records.parquet"):
        folder = tmp_path / f"of {name}"
        asked = told(folder, table=str(tmp_path / name), id="letter", text="body", to="tei", partitions=2)
        assert convert.run(spark, asked) == {"converted": len(numbers), "failed": 3}
        made = outputs(folder / "out")
        assert made == {f"d{n:05}.xml": alone[f"box {n // 100:02}/d{n:05}.xml"] for n in numbers}
        codes = spark.read.parquet(str(folder / "report")).where("status = 'failed'").select("code").collect()
        assert sorted(row["code"] for row in codes) == ["name.unfit", "name.unfit", "no-content"]


def test_documents_of_one_stem_keep_their_extension(spark: SparkSession, tmp_path: Path) -> None:
    archive = tmp_path / "in"
    archive.mkdir()
    (archive / "a.txt").write_text(invent.transcript(1), encoding="utf-8")
    (archive / "a.md").write_text("# A\n\nText.\n", encoding="utf-8")
    convert.run(spark, told(tmp_path, files=str(archive), to="tei"))
    assert sorted(outputs(tmp_path / "out")) == ["a.md.xml", "a.txt.xml"]
