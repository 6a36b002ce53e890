#!/usr/bin/env python3
"""Holds the repositories that the binary reads from source notes against those that a reader found.

usage: repositories.py TRANSCRIPTS [--binary FILE] [--least N]
"""
import argparse
import json
import os
import subprocess
import sys


def main():
    options = argparse.ArgumentParser()
    options.add_argument("transcripts")
    options.add_argument("--binary", default="target/release/apograph")
    options.add_argument("--truth", default=".ci/repositories.tsv")
    options.add_argument("--least", type=float, default=0.95)
    options = options.parse_args()
    if not os.path.isdir(options.transcripts):
        print(f"skipped: there are no transcripts in {options.transcripts}")
        return 0
    rows = [line.rstrip("\n").split("\t") for line in open(options.truth, encoding="utf-8") if not line.startswith("#")]
    right, boxes, read, wrong = 0, 0, 0, []
    for document, repository, box in rows:
        file = os.path.join(options.transcripts, document + ".txt")
        found = subprocess.run([options.binary, "convert", file, "--to", "json", "-o", "-", "-q"], capture_output=True, text=True)
        source = json.loads(found.stdout)["document"].get("metadata", {}).get("source", {})
        parts = source.get("location", [])
        first = lambda scheme: next((part["value"] for part in parts if part["scheme"] == scheme), "")
        if first("repository") == repository:
            right += 1
        else:
            wrong.append(f"  {document}: `{repository}`, found `{first('repository')}`")
        if box != "?":
            read += 1
            boxes += first("box").removeprefix("Box ") == box
            if first("box").removeprefix("Box ") != box:
                wrong.append(f"  {document}: box `{box}`, found `{first('box')}`")
    print(f"repositories {right}/{len(rows)} = {right / len(rows):.3f}, boxes {boxes}/{read} = {boxes / read:.3f}")
    print("\n".join(wrong))
    return int(right / len(rows) < options.least)


if __name__ == "__main__":
    sys.exit(main())
