#!/usr/bin/env python3
"""Fits the weights of the cues by which markers are told from numbers: logistic regression on known documents.

    fit_weights.py table TEXTS GOLD... > TABLE    TEXTS: a folder of *.txt; GOLD: folders of *.gold.json
    APOGRAPH_FIT=TABLE cargo test --lib cues_of_known_markers -- --ignored
    fit_weights.py fit TABLE.cues COUNT           prints the weights
"""
import glob
import json
import math
import os
import random
import sys


def table(texts, golds):
    """Each file with the byte offsets of its markers."""
    for folder in golds:
        for path in sorted(glob.glob(os.path.join(folder, "*.gold.json"))):
            gold = json.load(open(path, encoding="utf-8"))
            name = os.path.join(os.path.abspath(texts), os.path.basename(path)[: -len(".gold.json")] + ".txt")
            text = open(name, encoding="utf-8").read()
            found = offsets(text, gold)
            if found is not None:
                print("\t".join([name, *map(str, found)]))


def offsets(text, gold):
    """Where the markers stand: the text is followed character by character, with tokens where they are known to be."""
    tokens = {}
    for note in gold["notes"]:
        tokens.setdefault(note["pos"], []).append((True, "".join(note["n"].split())))
    for page in gold["page_breaks"]:
        tokens.setdefault(page["pos"], []).append((False, "".join(f"[Page {page['n']}]".split())))
    printed = [(at, c) for at, c in enumerate(text) if not c.isspace()]
    bullets = "•"
    found, at = [], 0
    chars = gold["body_chars"]
    for position in range(len(chars) + 1):
        left = list(tokens.get(position, []))
        while left:
            while at < len(printed) and printed[at][1] in bullets + "|":
                at += 1
            here = "".join(c for _, c in printed[at : at + 24])
            token = next((token for token in sorted(left, key=lambda t: -len(t[1])) if here.startswith(token[1])), None)
            if token is None:
                return None
            if token[0]:
                found.append(len(text[: printed[at][0]].encode()))
            at += len(token[1])
            left.remove(token)
        if position < len(chars):
            while at < len(printed) and printed[at][1] != chars[position] and printed[at][1] in bullets + "|":
                at += 1
            if at >= len(printed) or printed[at][1] != chars[position]:
                return None
            at += 1
    return found


def fit(path, count, rounds=30, rate=0.15, shrink=3e-6):
    rows = [list(map(int, line.split())) for line in open(path, encoding="utf-8")]
    weights = [0.0] * count
    shuffle = random.Random(1)
    for turn in range(rounds):
        shuffle.shuffle(rows)
        step = rate / (1 + turn / 3)
        for known, *cues in rows:
            odds = sum(weights[cue] for cue in cues)
            wrong = known - 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
            for cue in cues:
                weights[cue] += step * (wrong - shrink * len(rows) * weights[cue] / 100)
    for at in range(0, count, 12):
        print("    " + ", ".join(f"{weight:.2f}" for weight in weights[at : at + 12]) + ",")


def main():
    command, *arguments = sys.argv[1:]
    if command == "table":
        table(arguments[0], arguments[1:])
    else:
        fit(arguments[0], int(arguments[1]))


if __name__ == "__main__":
    main()
