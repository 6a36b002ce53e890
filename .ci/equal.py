"""Compares the XML files of two folders as Canonical XML 1.1 (xmllint), layout aside.

equal.py BEFORE AFTER REPORT: prints how many files of BEFORE have an equal one of the same name in AFTER, and how
many there are; REPORT says for each of the others where it parts first. Layout is white space between elements where
the parent holds no other text and either can't hold text at all, or holds a block and no words: what the program's
tests of TEI call so, with the same lists of elements (src/tei/mod.rs).
"""
import pathlib
import re
import subprocess
import sys
from multiprocessing import Pool

from lxml import etree

SOURCE = (pathlib.Path(__file__).parent.parent / "src/tei/mod.rs").read_text(encoding="utf-8")


def names(function):
    """The names that a function or table of src/tei/mod.rs lists."""
    start = re.search(r"^(pub fn|const) %s\b" % function, SOURCE, re.M).start()
    end = re.search(r"^(}|\];)$", SOURCE[start:], re.M).end()
    return set(re.findall(r'"([\w-]+)"', SOURCE[start:start + end]))


HOLDS_NO_TEXT = names("holds_no_text")
BLOCKS = HOLDS_NO_TEXT | names("is_block")
INLINES = names("is_inline") | names("NAMES") | {"rs"} | (names("EDITS") - {"gap"})


def said(path):
    """What a file says, one thing after the other."""
    canonical = subprocess.run(["xmllint", "--c14n11", "--nonet", "--huge", path], capture_output=True, check=True)
    root = etree.fromstring(canonical.stdout, etree.XMLParser(huge_tree=True))
    around = [*reversed([*root.itersiblings(preceding=True)]), root, *root.itersiblings()]
    things = []
    for node in around:
        walk(node, things)
    return things


def walk(node, things):
    if not isinstance(node.tag, str):
        things.append(f"{type(node).__name__} {getattr(node, 'target', '')} {node.text}")
        return
    things.append(f"<{node.prefix or ''}:{node.tag} {sorted(node.attrib.items())}>")
    texts = [node.text or ""] + [child.tail or "" for child in node]
    local = etree.QName(node).localname
    children = {etree.QName(child).localname for child in node if isinstance(child.tag, str)}
    has_text = any(text.strip(" \t\r\n") for text in texts)
    layout = not has_text and (local in HOLDS_NO_TEXT or bool(children & BLOCKS) and not children & INLINES)
    for text, child in zip(texts, [*node, None]):
        if text and not layout:
            things.append(repr(text))
        if child is not None:
            walk(child, things)
    things.append("</>")


def difference(pair):
    before, after = pair
    if not after.exists():
        return "missing"
    try:
        ours, theirs = said(before), said(after)
    except (subprocess.CalledProcessError, etree.XMLSyntaxError) as error:
        return f"unreadable: {error}"
    if ours == theirs:
        return None
    at = next((at for at, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    return f"{' '.join(ours[max(0, at - 3):at + 2])}\n  became {' '.join(theirs[max(0, at - 3):at + 2])}"


def main():
    sys.setrecursionlimit(10_000)
    before, after, report = map(pathlib.Path, sys.argv[1:4])
    files = sorted(before.glob("*.xml"))
    with Pool(2) as pool:
        found = pool.map(difference, [(file, after / file.name) for file in files])
    unequal = [(file.name, text) for file, text in zip(files, found) if text]
    report.write_text("".join(f"{name}: {text}\n" for name, text in unequal), encoding="utf-8")
    print(f"{len(files) - len(unequal)}\t{len(files)}")


if __name__ == "__main__":
    main()
