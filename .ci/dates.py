#!/usr/bin/env python3
"""Takes the dates out of TEI texts, has the binary find them again, and compares with what the editors said.

A date is right if it stands where the editors' does (it overlaps) and means the same days; times are told apart. For
datelines there is a precision, since all dates in them are marked; in running text editors mark some only, so what is
found beyond theirs is counted but not judged. White space is not counted in offsets.

usage: dates.py FOLDER... [--binary FILE] [--errors N] [--thresholds]
"""
import argparse
import collections
import os
import shutil
import subprocess
import sys

from lxml import etree

sys.path.insert(0, os.path.dirname(__file__))
from names import TEI, ratio, unwrap  # noqa: E402

VALUES = ("when", "from", "to", "notBefore", "notAfter")
LEAST = {"datelines F1": 0.98, "recall": 0.95, "high": 0.99}


def texts(root):
    return [text for text in root.iter(TEI + "text") if not any(True for _ in text.iterancestors(TEI + "text"))]


def meaning(element):
    return tuple((name, element.get(name)) for name in VALUES if element.get(name))


def days(meaning):
    """First and last day, as strings; times and zones left out."""
    values = dict(meaning)
    first = values.get("when") or values.get("from") or values.get("notBefore") or values.get("to") or values.get("notAfter")
    last = values.get("when") or values.get("to") or values.get("notAfter") or first
    return (first or "")[:10], (last or "")[:10]


def same(one, other):
    """True if two dates mean the same days; a month is what it says or all of its days."""
    (a, b), (c, d) = days(one), days(other)
    return (a, b) == (c, d) or (a == b or c == d) and a.startswith(c[:7]) and len(min(a, c, key=len)) == 7 and b[:7] == d[:7]


def spans(text):
    found, pieces, length = [], [], 0

    def push(part):
        nonlocal length
        part = "".join((part or "").split())
        pieces.append(part)
        length += len(part)

    def walk(element, place):
        if not isinstance(element.tag, str):
            return
        place = place or element.tag == TEI + "dateline"
        start = length
        push(element.text)
        for child in element:
            walk(child, place)
            push(child.tail)
        if element.tag == TEI + "date" and length > start and meaning(element):
            found.append((start, length, meaning(element), place, element.get("cert") or "high"))

    walk(text, False)
    return found, "".join(pieces)


def compare(gold, found):
    counts, wrong = collections.Counter(), []
    used = set()
    for one in gold:
        place = "dateline" if one[3] else "text"
        counts[place + " gold"] += 1
        over = [at for at, other in enumerate(found) if other[0] < one[1] and one[0] < other[1]]
        used.update(over)
        right = [at for at in over if same(one[2], found[at][2])]
        if right:
            counts[place + " right"] += 1
            counts["exact"] += any(found[at][2] == one[2] for at in right)
            counts["right " + found[right[0]][4]] += 1
        elif over:
            counts[place + " wrong"] += 1
            counts["wrong " + found[over[0]][4]] += 1
            wrong.append((one, found[over[0]]))
        else:
            wrong.append((one, None))
    for at, other in enumerate(found):
        if at not in used:
            counts[("dateline" if other[3] else "text") + " extra"] += 1
    return counts, wrong


def measures(counts):
    right, gold = counts["dateline right"], counts["dateline gold"]
    precision = ratio(right, right + counts["dateline wrong"] + counts["dateline extra"])
    recall = ratio(right, gold)
    every = counts["dateline right"] + counts["text right"]
    return {
        "datelines F1": ratio(2 * precision * recall, precision + recall) if gold else 1.0,
        "text recall": ratio(counts["text right"], counts["text gold"]),
        "recall": ratio(every, gold + counts["text gold"]),
        "exact": ratio(counts["exact"], every),
        "high": ratio(counts["right high"], counts["right high"] + counts["wrong high"]),
    }


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folders", nargs="+")
    options.add_argument("--binary", default="target/release/apograph")
    options.add_argument("--work", default="target/scores/dates")
    options.add_argument("--errors", type=int, default=0)
    options.add_argument("--thresholds", action="store_true")
    options = options.parse_args()
    folders = [folder for folder in options.folders if os.path.isdir(folder)]
    if not folders:
        print("skipped: there are no texts")
        return 0
    shutil.rmtree(options.work, ignore_errors=True)
    stripped, made = os.path.join(options.work, "stripped"), os.path.join(options.work, "found")
    os.makedirs(stripped)
    parser = etree.XMLParser(huge_tree=True, resolve_entities=True, load_dtd=False, no_network=True)
    golds = {}
    for folder in folders:
        for file in sorted(os.listdir(folder)):
            if not file.endswith(".xml"):
                continue
            try:
                tree = etree.parse(os.path.join(folder, file), parser)
            except etree.XMLSyntaxError:
                continue
            gold = [spans(text) for text in texts(tree.getroot())]
            if not any(found for found, _ in gold):
                continue
            golds[file.removesuffix(".xml")] = gold
            for text in texts(tree.getroot()):
                for element in list(text.iter(TEI + "date")):
                    unwrap(element)
            tree.write(os.path.join(stripped, file), encoding="utf-8", xml_declaration=True)
    subprocess.run([options.binary, "convert", stripped, "--to", "tei", "--enrich", "dates", "-o", made, "--force", "-q"], check=False)
    total = collections.Counter()
    print(f"{'text':26} datelines     F1  in text  recall  all recall  exact   high  wrong extra")
    for name, gold in golds.items():
        counts, tell = collections.Counter(), []
        found = [spans(text) for text in texts(etree.parse(os.path.join(made, name + ".xml"), parser).getroot())]
        for (marks, text), (mine, again) in zip(gold, found):
            if text != again:
                print(f"{name}: the text is another", file=sys.stderr)
                continue
            these, wrong = compare(marks, mine)
            counts += these
            tell += [(text[max(0, one[0] - 20):one[0]] + "<<" + text[one[0]:one[1]] + ">>", one[2], other and other[2], other and other[4]) for one, other in wrong]
        show(name, counts)
        for one in tell[:options.errors]:
            print("     ", *one)
        total += counts
    show("all", total)
    for level in ("high", "medium", "low"):
        right, wrong = total["right " + level], total["wrong " + level]
        print(f"  {level:6} right {right:6} wrong {wrong:5}  {ratio(right, right + wrong):.4f}")
    if not options.thresholds:
        return 0
    bad = [f"{name} {measures(total)[name]:.4f} is less than {least}" for name, least in LEAST.items() if measures(total)[name] < least]
    print("\n".join(bad))
    return int(bool(bad))


def show(name, counts):
    said = measures(counts)
    wrong = counts["dateline wrong"] + counts["text wrong"]
    print(
        f"{name:26} {counts['dateline gold']:9} {said['datelines F1']:6.4f} {counts['text gold']:8} {said['text recall']:7.4f}"
        f" {said['recall']:11.4f} {said['exact']:6.3f} {said['high']:6.4f} {wrong:6} {counts['text extra']:5}"
    )


if __name__ == "__main__":
    sys.exit(main())
