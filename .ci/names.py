#!/usr/bin/env python3
"""Takes the marks of persons and terms out of the documents of TEI volumes, has the binary find them again by the
volumes' own lists, and compares.

For each volume and kind (persName, gloss): of the editors' marks that point to the list, how many were found again
(recall); of what was found where the editors marked something that points to the list, how much is right (precision);
and how often something was found where the editors have marked nothing (extra), which may be a slip of theirs.
`strict` counts every extra as wrong. White space is not counted in offsets.

usage: names.py FOLDER [--tuned-on FILE] [--binary FILE] [--volumes A,B] [--errors N] [--extra FILE] [--thresholds]
"""
import argparse
import bisect
import collections
import os
import random
import re
import shutil
import subprocess
import sys

from lxml import etree

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
KINDS = {"persName": ("corresp", "ref"), "gloss": ("target", "ref", "corresp")}
# Least values over all volumes, and over those that nothing was tuned on.
LEAST = {"persName": {"precision": 0.97, "recall": 0.90}, "gloss": {"precision": 0.97, "recall": 0.90}}


def documents(root):
    return [div for div in root.iter(TEI + "div") if div.get("type") == "document"]


def ids(root, wanted):
    found = {}
    for element in root.iter(*(TEI + name for name in wanted)):
        if element.get(ID):
            found["#" + element.get(ID)] = " ".join("".join(element.itertext()).split())
    return found


def strip(root):
    for document in documents(root):
        for element in list(document.iter(TEI + "persName", TEI + "gloss")):
            if not element.get(ID):
                unwrap(element)


def unwrap(element):
    parent, at = element.getparent(), element.getparent().index(element)

    def append(text):
        if not text:
            return
        if at > 0:
            parent[at - 1].tail = (parent[at - 1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text

    append(element.text)
    for child in list(element):
        parent.insert(at, child)
        at += 1
    append(element.tail)
    element.tail = None
    parent.remove(element)


def spans(document, tag, pointers):
    """The marks of a document as (start, end, target, certainty), and its text without white space."""
    text, found = [], []
    length = 0

    def push(part):
        nonlocal length
        part = "".join((part or "").split())
        text.append(part)
        length += len(part)

    def walk(element):
        if not isinstance(element.tag, str):
            return
        start = length
        push(element.text)
        for child in element:
            walk(child)
            push(child.tail)
        names = (TEI + tag,) if tag != "gloss" else (TEI + "gloss", TEI + "term")
        if element.tag in names and length > start:
            target = next((element.get(name) for name in pointers if element.get(name)), None)
            found.append((start, length, target, element.get("cert") or "high"))

    walk(document)
    return sorted(found, key=lambda span: span[:2]), "".join(text)


def compare(gold, found, known):
    """Counts, and lists of what went wrong."""
    counts, wrong, missed, extra = collections.Counter(), [], [], []
    starts = [span[0] for span in found]
    longest = max((span[1] - span[0] for span in found), default=0)
    hit = set()

    def over(span):
        at = bisect.bisect_left(starts, span[0] - longest)
        while at < len(found) and found[at][0] < span[1]:
            if found[at][1] > span[0]:
                yield at
            at += 1

    for span in gold:
        mine = list(over(span))
        hit.update(mine)
        if span[2] not in known:
            counts["open"] += len(mine)
            continue
        counts["gold"] += 1
        right = [at for at in mine if found[at][2] == span[2]]
        if right:
            counts["right"] += 1
            counts["exact"] += any(found[at][:2] == span[:2] for at in right)
            counts["right " + str(found[right[0]][3])] += 1
        elif mine:
            counts["wrong"] += 1
            counts["wrong " + str(found[mine[0]][3])] += 1
            wrong.append((span, found[mine[0]]))
        else:
            missed.append(span)
    for at, span in enumerate(found):
        if at not in hit:
            counts["extra"] += 1
            counts["extra " + str(span[3])] += 1
            extra.append(span)
    return counts, wrong, missed, extra


def ratio(part, whole):
    return part / whole if whole else 1.0


def row(name, counts):
    right, wrong, extra = counts["right"], counts["wrong"], counts["extra"]
    return (
        f"{name:28} {counts['gold']:6} {ratio(right, counts['gold']):7.4f} {ratio(right, right + wrong):9.4f}"
        f" {ratio(right, right + wrong + extra):7.4f} {ratio(counts['exact'], right):6.3f}"
        f" {wrong:5} {extra:5} {counts['open']:5}"
    )


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("--tuned-on", default=".ci/tuned-on.txt")
    options.add_argument("--binary", default="target/release/apograph")
    options.add_argument("--work", default="target/scores/names")
    options.add_argument("--volumes")
    options.add_argument("--errors", type=int, default=0)
    options.add_argument("--extra")
    options.add_argument("--thresholds", action="store_true")
    options = options.parse_args()
    if not os.path.isdir(options.folder):
        print(f"skipped: there are no volumes in {options.folder}")
        return 0
    tuned = {line.strip() for line in open(options.tuned_on) if line.strip() and not line.startswith("#")}
    shutil.rmtree(options.work, ignore_errors=True)
    stripped, made = os.path.join(options.work, "stripped"), os.path.join(options.work, "found")
    os.makedirs(stripped)
    golds = {}
    parser = etree.XMLParser(huge_tree=True)
    for file in sorted(os.listdir(options.folder)):
        name = file.removesuffix(".xml")
        if not file.endswith(".xml") or options.volumes and name not in options.volumes.split(","):
            continue
        tree = etree.parse(os.path.join(options.folder, file), parser)
        root = tree.getroot()
        known = {
            "persName": ids(root, ["persName"]),
            "gloss": ids(root, ["term", "gloss"]),
        }
        if not known["persName"] and not known["gloss"]:
            continue
        marks = {
            kind: {div.get(ID): spans(div, kind, pointers) for div in documents(root)}
            for kind, pointers in KINDS.items()
        }
        golds[name] = (known, marks)
        strip(root)
        tree.write(os.path.join(stripped, file), encoding="utf-8", xml_declaration=True)
    command = [options.binary, "convert", stripped, "--to", "tei", "--enrich", "names,terms", "-o", made, "--force", "-q"]
    subprocess.run(command, check=False)
    totals = {kind: {part: collections.Counter() for part in ("all", "held out", "tuned on")} for kind in KINDS}
    sample = []
    for kind in KINDS:
        print(f"\n{kind}\n{'volume':28} {'gold':>6} {'recall':>7} {'precision':>9} {'strict':>7} {'exact':>6} wrong extra  open")
        for name, (known, marks) in golds.items():
            if not known[kind]:
                continue
            root = etree.parse(os.path.join(made, name + ".xml"), parser).getroot()
            counts, tell = collections.Counter(), collections.Counter()
            for div in documents(root):
                gold, text = marks[kind][div.get(ID)]
                found, again = spans(div, kind, KINDS[kind])
                if text != again:
                    print(f"{name} {div.get(ID)}: the text is another", file=sys.stderr)
                    continue
                these, wrong, missed, extra = compare(gold, found, known[kind])
                counts += these
                show = lambda span: text[max(0, span[0] - 25):span[0]] + "<<" + text[span[0]:span[1]] + ">>" + text[span[1]:span[1] + 20]
                for span, mine in wrong:
                    tell["wrong " + text[span[0]:span[1]] + ": " + known[kind].get(span[2], "?") + " / found " + text[mine[0]:mine[1]] + " " + known[kind].get(mine[2], "?") + " " + str(mine[3])] += 1
                for span in missed:
                    tell["missed " + text[span[0]:span[1]] + " (" + known[kind][span[2]] + ")"] += 1
                    if options.errors > 1000:
                        print("   missed", div.get(ID), show(span))
                for span in extra:
                    tell["extra " + text[span[0]:span[1]] + " " + str(span[3])] += 1
                    sample.append((kind, name, div.get(ID), span[3], known[kind].get(span[2]), show(span)))
            print(row(name + ("" if name in tuned else " *"), counts))
            for what, number in tell.most_common(options.errors):
                print(f"      {number:5} {what}")
            totals[kind]["all"] += counts
            totals[kind]["tuned on" if name in tuned else "held out"] += counts
        for part, counts in totals[kind].items():
            print(row(part, counts))
        for cert in ("high", "medium", "low"):
            right, wrong, extra = (totals[kind]["all"][f"{what} {cert}"] for what in ("right", "wrong", "extra"))
            print(f"  {cert:6} right {right:6} wrong {wrong:5} extra {extra:5}  precision {ratio(right, right + wrong):.4f}")
    print("* nothing was tuned on it")
    if options.extra:
        random.Random(9).shuffle(sample)
        with open(options.extra, "w") as file:
            for one in sample:
                print(*one, sep="\t", file=file)
    if not options.thresholds:
        return 0
    bad = 0
    for kind, least in LEAST.items():
        for part in ("all", "held out"):
            counts = totals[kind][part]
            values = {
                "precision": ratio(counts["right"], counts["right"] + counts["wrong"]),
                "recall": ratio(counts["right"], counts["gold"]),
            }
            for measure, value in values.items():
                if value < least[measure]:
                    print(f"{kind} {measure} {value:.4f} is less than {least[measure]} ({part})")
                    bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
