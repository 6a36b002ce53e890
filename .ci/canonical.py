"""Compares TEI that went in with TEI that came out as Canonical XML 1.1, by libxml2 and Python alone.

canonical.py BEFORE AFTER...   pairs of folders; each *.xml of the first must be in the second and be equal

Equal are names, namespaces, attributes, text, comments and processing instructions. Where an element holds no text of
its own but white space, that white space is taken for layout; in all other places every space counts.
"""

import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree


def canonical(path):
    command = ["xmllint", "--c14n11", "--nonet", "--huge", str(path)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def tree(path):
    builder = ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
    return ElementTree.fromstring(canonical(path), ElementTree.XMLParser(target=builder))


def blank(text):
    return not (text or "").strip(" \t\r\n")


def flat(root):
    """Every node as a line, without recursion: documents may be deep."""
    lines, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            lines.append(node)
            continue
        name = node.tag if isinstance(node.tag, str) else node.tag.__name__
        lines.append(f"<{name} {sorted(node.attrib.items())}")
        pieces = [node.text or ""]
        for child in node:
            pieces += [child, child.tail or ""]
        layout = isinstance(node.tag, str) and all(blank(piece) for piece in pieces[::2])
        if layout:
            pieces[::2] = [""] * len(pieces[::2])
        waiting.append(">")
        waiting += [piece for piece in reversed(pieces) if not isinstance(piece, str) or piece]
    return lines


def main(folders):
    equal = total = 0
    for before, after in zip(folders[::2], folders[1::2]):
        for path in sorted(pathlib.Path(before).glob("*.xml")):
            total += 1
            other = pathlib.Path(after) / path.name
            one, two = flat(tree(path)), flat(tree(other)) if other.exists() else []
            if one == two:
                equal += 1
                continue
            at = next((at for at, (a, b) in enumerate(zip(one, two)) if a != b), min(len(one), len(two)))
            print(f"{path}: {one[at - 2 : at + 2]} became {two[at - 2 : at + 2]}"[:600])
    print(f"canonical XML: {equal} of {total} files are equal")
    return 0 if equal == total and total else 1


sys.exit(main(sys.argv[1:]))
