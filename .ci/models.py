"""Compares the documents that two folders hold as JSON, by name: models.py ONE OTHER

Two are equal if they say the same but for white space as Markdown sees it – runs are one space, none stands at the ends
of paragraphs or about line breaks – and for the file that each was read from.
"""

import json
import pathlib
import re
import sys

SPACE = re.compile(r"[ \t\r\n\f\v]+")
LINES = ("paragraph", "heading", "line", "label")


def breaks(node):
    milestone = node.get("milestone")
    return "nested" in node or isinstance(milestone, dict) and milestone.get("unit") == "line"


def folded(content, is_line):
    nodes = []
    for node in content:
        if set(node) == {"text"}:
            if nodes and set(nodes[-1]) == {"text"}:
                nodes[-1] = {"text": nodes[-1]["text"] + node["text"]}
            else:
                nodes.append(dict(node))
        else:
            nodes.append(settled(node))
    for at, node in enumerate(nodes):
        if set(node) != {"text"}:
            continue
        text = SPACE.sub(" ", node["text"])
        if is_line and at == 0 or at > 0 and breaks(nodes[at - 1]):
            text = text.lstrip(" ")
        if is_line and at + 1 == len(nodes) or at + 1 < len(nodes) and breaks(nodes[at + 1]):
            text = text.rstrip(" ")
        node["text"] = text
    return [node for node in nodes if node != {"text": ""}]


def settled(value, key=None):
    if isinstance(value, dict):
        return {
            name: folded(inner, key in LINES) if name == "content" and isinstance(inner, list) else settled(inner, name)
            for name, inner in value.items()
        }
    return [settled(inner) for inner in value] if isinstance(value, list) else value


def first_difference(one, other, path=""):
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            found = first_difference(one.get(name), other.get(name), f"{path}/{name}")
            if found:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, pair in enumerate(zip(one, other)):
            found = first_difference(*pair, f"{path}/{at}")
            if found:
                return found
        return None
    return None if one == other else f"{path}: {str(one)[:200]} became {str(other)[:200]}"


def document(path):
    held = json.loads(path.read_text())["document"]
    held.pop("resources", None)
    source = held.get("metadata", {}).get("source", {})
    source.pop("file", None)
    source.pop("digest", None)
    return settled(held)


def main(one, other):
    paths = sorted(pathlib.Path(one).glob("**/*.json"))
    equal = 0
    for path in paths:
        again = pathlib.Path(other) / path.relative_to(one)
        found = first_difference(document(path), document(again)) if again.exists() else "it is not there"
        if found:
            print(f"{path.name}{found}")
        else:
            equal += 1
    print(f"{equal} of {len(paths)} documents are the same")
    return 0 if paths and equal == len(paths) else 1


sys.exit(main(*sys.argv[1:3]))
