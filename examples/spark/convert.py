"""Converts any number of documents on Apache Spark: files, or records of a table.

    spark-submit convert.py --files archive/ --to tei,epub --out /shared/out --report /shared/report --wheel apograph.whl
    spark-submit convert.py --table letters.parquet --id id --text body --to tei --out /shared/out --report /shared/report

Outputs are files in a folder that all workers see; each appears whole or not at all. The report is a Parquet table with
a row for each document, also for those that failed. A second run does only what changed: content, options, program.
"""

from __future__ import annotations

import argparse
import json
import posixpath
import re
import sys
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

import worker

EXTENSIONS = ("txt", "xml", "tei", "md", "markdown", "epub")


def main(arguments: list[str]) -> int:
    told = parse(arguments)
    spark = SparkSession.builder.appName("apograph").getOrCreate()
    try:
        report = run(spark, told)
    finally:
        spark.stop()
    print(json.dumps(report))
    return 1 if report.get("failed") else 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--files", metavar="FOLDER", help="a folder of documents, walked, on any file system of Spark's")
    source.add_argument("--table", metavar="PATH", help="records: Parquet, or JSON lines (.json, .jsonl)")
    parser.add_argument("--id", default="id", help="the column that names a record; its outputs are called so [id]")
    parser.add_argument("--text", default="text", help="the column with the document, a string or bytes [text]")
    parser.add_argument("--to", required=True, help="formats, parted by commas")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="where outputs go: a folder all workers see")
    parser.add_argument("--report", required=True, metavar="PATH", help="where the report goes: Parquet")
    parser.add_argument("--options", default="{}", metavar="JSON", help='of apograph.Converter: \'{"notes": "book"}\'')
    parser.add_argument("--wheel", metavar="FILE", help="the module, brought to the workers; else it must be there")
    parser.add_argument("--partitions", type=int, help="in how many tasks records are worked on [as Spark finds them]")
    return parser.parse_args(arguments)


def run(spark: SparkSession, told: argparse.Namespace) -> dict[str, int]:
    """Converts all that is named, writes the report, and says how many documents fared how."""
    wheel = None
    if told.wheel:
        spark.sparkContext.addFile(told.wheel)
        wheel = Path(told.wheel).name
    spark.sparkContext.addPyFile(str(Path(__file__).with_name("worker.py")))
    documents = files(spark, told.files) if told.files else records(spark, told)
    if told.partitions:
        documents = documents.repartition(told.partitions)
    settings = worker.Settings(
        to=tuple(told.to.split(",")),
        out=str(Path(told.out).resolve()),
        options=json.loads(told.options),
        wheel=wheel,
        same_stem=same_stem(documents),
    )
    rows = documents.rdd.mapPartitions(lambda part: worker.convert_all(part, settings))
    spark.createDataFrame(rows, worker.SCHEMA).write.mode("overwrite").parquet(told.report)
    counted = spark.read.parquet(told.report).groupBy("status").count().collect()
    return {row["status"]: row["count"] for row in counted}


def files(spark: SparkSession, folder: str) -> DataFrame:
    """The files of a folder: `name`, relative to it, and `content`."""
    reader = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
    found = reader.load(folder)
    root = posixpath.commonpath([found.select("path").first()["path"], _uri(spark, folder)])
    wanted = f.lower(f.col("path")).rlike(r"\.(" + "|".join(EXTENSIONS) + ")$")
    name = f.expr(f"substring(path, {len(root) + 2})")
    return found.where(wanted).select(name.alias("name"), "content")


def _uri(spark: SparkSession, folder: str) -> str:
    """A folder as Spark calls it in the paths of its files."""
    jvm, conf = spark.sparkContext._jvm, spark.sparkContext._jsc.hadoopConfiguration()
    path = jvm.org.apache.hadoop.fs.Path(folder)
    return str(path.getFileSystem(conf).makeQualified(path).toString())


def records(spark: SparkSession, told: argparse.Namespace) -> DataFrame:
    """The records of a table: `name` and `content`."""
    lines = re.search(r"\.(json|jsonl|ndjson)(\.gz)?/?$", told.table)
    table = spark.read.json(told.table) if lines else spark.read.parquet(told.table)
    return table.select(f.col(told.id).cast("string").alias("name"), f.col(told.text).cast("binary").alias("content"))


def same_stem(documents: DataFrame) -> frozenset[str]:
    """The stems that several documents share, lower case: their outputs keep the extension. Reads names alone."""
    stem = f.lower(f.regexp_replace("name", r"\.[^./]*$", ""))
    shared = documents.select(stem.alias("stem")).groupBy("stem").count().where("count > 1")
    return frozenset(row["stem"] for row in shared.select("stem").collect())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
