#!/usr/bin/env python3
"""How often anchors are right, by the certainty that they were given: calibration.py BENCH GOLD TEI...

BENCH holds the scorer, GOLD what is known of the documents, each TEI a folder of conversions. Of the anchors that
bear no lesser certainty at least 99.9 % must be right; each wrong one among them is named.
"""
import collections
import glob
import json
import os
import sys


def anchors(bench, gold_file, tei_file):
    """(right, certainty) of each note of a document."""
    import score
    import teiread

    gold = json.load(open(gold_file, encoding="utf-8"))
    root = teiread.parse(tei_file).getroot()
    body = next(root.iter("{*}body"))
    read = teiread.read(body, gold["doc_id"], root)
    certainties = [note.get("cert") or "high" for note in body.iter("{*}note")]
    places = score.Map(gold["body_chars"], read.chars)
    left = collections.Counter((note["n"], note["pos"]) for note in gold["notes"])
    for note, certainty in zip(read.notes, certainties):
        place = next((p for p in places(note["pos"]) if left[note["n"], p] > 0), None)
        if place is not None:
            left[note["n"], place] -= 1
        yield place is not None, certainty


def main():
    bench, gold, *folders = sys.argv[1:]
    sys.path.insert(0, bench)
    counts = collections.Counter()
    surely_wrong = []
    for folder in folders:
        for gold_file in sorted(glob.glob(os.path.join(gold, "*.gold.json"))):
            stem = os.path.basename(gold_file)[: -len(".gold.json")]
            for right, certainty in anchors(bench, gold_file, os.path.join(folder, stem + ".xml")):
                counts[certainty, right] += 1
                if certainty == "high" and not right:
                    surely_wrong.append(f"{folder}/{stem}")
    for certainty in ("high", "medium", "low"):
        right, wrong = counts[certainty, True], counts[certainty, False]
        share = right / (right + wrong) if right + wrong else 1.0
        print(f"anchors of {certainty} certainty: {right + wrong}, right {right}, wrong {wrong} ({share:.2%} right)")
    for place in surely_wrong:
        print(f"wrong, and held for certain: {place}")
    right, wrong = counts["high", True], counts["high", False]
    if wrong * 1000 > right + wrong:
        sys.exit("too many anchors are held for certain and are wrong")


if __name__ == "__main__":
    main()
