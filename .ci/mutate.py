#!/usr/bin/env python3
"""Makes faulty documents out of real ones, to compare validators on.

mutate.py bases SCHEMA.rng OUT FILE...    windows of the files, cut down to what the schema knows: candidates, some valid
mutate.py mutations OUT COUNT FILE...     COUNT mutations of the files, each with one thing changed; OUT/list.tsv says what

All choices follow from a fixed seed. Documents are changed as text, so that all else stays as it was.
"""
import os
import random
import re
import sys
from xml.etree import ElementTree
from xml.parsers import expat

SEED = 1931
WINDOW = 60_000
RNG = "{http://relaxng.org/ns/structure/1.0}"


class Element:
    def __init__(self, name, start, end, parent):
        self.name, self.start, self.start_end = name, start, end
        self.end_start = self.end = None
        self.parent, self.children = parent, []

    def around(self):
        while self:
            yield self
            self = self.parent


def tree(data):
    """All elements of a document, with the offsets of their tags."""
    parser = expat.ParserCreate()
    elements, open_elements, waiting = [], [], []

    def settle():
        for element, field in waiting:
            setattr(element, field, parser.CurrentByteIndex)
        waiting.clear()

    def start(name, _):
        settle()
        parent = open_elements[-1] if open_elements else None
        element = Element(name, parser.CurrentByteIndex, None, parent)
        if parent:
            parent.children.append(element)
        elements.append(element)
        open_elements.append(element)
        waiting.append((element, "start_end"))

    def end(_):
        element = open_elements.pop()
        at = parser.CurrentByteIndex
        if (element, "start_end") in waiting and data[element.start:at + 2].endswith(b"/>") or at == element.start:
            settle_empty(element)
        else:
            settle()
            element.end_start = at
            waiting.append((element, "end"))

    def settle_empty(element):
        close = data.index(b"/>", element.start) + 2
        waiting.clear()
        element.start_end = element.end_start = element.end = close

    def other(*_):
        settle()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = parser.CommentHandler = parser.ProcessingInstructionHandler = other
    parser.StartCdataSectionHandler = other
    parser.Parse(data, True)
    for element, field in waiting:
        setattr(element, field, data.rindex(b">") + 1)
    return elements


def window(data, rng):
    """The document with parts of its text left out, so that about WINDOW bytes are left."""
    elements = tree(data)
    cuts = []
    size = len(data)
    queue = [element for element in elements if element.parent is None]
    while queue and size > WINDOW:
        element = queue.pop(0)
        large = [child for child in element.children if child.end - child.start > WINDOW // 8]
        if len(large) <= 1:
            queue.extend(element.children)
            continue
        room = max(WINDOW - (size - sum(child.end - child.start for child in large)), WINDOW // 3)
        at = rng.randrange(len(large))
        kept, used = set(), 0
        for child in large[at:] + large[:at]:
            if used > 0 and used + child.end - child.start > room:
                break
            kept.add(child)
            used += child.end - child.start
        for child in large:
            if child in kept:
                queue.append(child)
            else:
                cuts.append((child.start, child.end))
                size -= child.end - child.start
    return cut(data, cuts)


def cut(data, cuts):
    for start, end in sorted(cuts, reverse=True):
        data = data[:start] + data[end:]
    return data


def vocabulary(schema):
    """The names of a schema's elements and attributes."""
    names = {"element": set(), "attribute": set()}
    for element in ElementTree.parse(schema).iter():
        kind = element.tag.replace(RNG, "")
        if kind in names:
            if element.get("name"):
                names[kind].add(element.get("name"))
            names[kind].update(name.text for name in element.iter(RNG + "name") if kind == "element" or len(element) < 3)
    return names["element"], names["attribute"]


ATTRIBUTE = re.compile(rb"""\s+([^\s=<>/"']+)\s*=\s*("[^"]*"|'[^']*')""")


def known_only(data, elements, attributes):
    """Takes the tags of unknown elements, and unknown attributes, out of a document."""
    pieces, last = [], 0
    tags = []
    for element in tree(data):
        tags.append((element.start, element.start_end, element))
        if element.end_start != element.start_end or element.end != element.start_end:
            tags.append((element.end_start, element.end, element))
    for start, end, element in sorted(tags, key=lambda tag: tag[:2]):
        pieces.append(data[last:start])
        tag = data[start:end]
        if element.name in elements:
            tag = ATTRIBUTE.sub(
                lambda found: found[0] if found[1].decode() in attributes or found[1].startswith(b"xmlns") else b"", tag)
            pieces.append(tag)
        last = end
    return b"".join(pieces) + data[last:]


def bases(schema, out, files):
    rng = random.Random(SEED)
    elements, attributes = vocabulary(schema)
    for name in files:
        data = open(name, "rb").read()
        for number in range(8):
            piece = window(data, rng)
            if number % 2:
                piece = known_only(piece, elements, attributes)
            stem = os.path.basename(name).rsplit(".", 1)[0]
            open(os.path.join(out, f"{stem}-{number}.xml"), "wb").write(piece)


NAMES = ["p", "div", "head", "note", "pb", "lb", "hi", "ref", "list", "item", "quote", "q", "lg", "l", "sp", "speaker", "table",
         "row", "cell", "persName", "date", "title", "bibl", "figure", "body", "back", "text", "TEI", "teiHeader", "fileDesc",
         "titleStmt", "opener", "closer", "dateline", "signed", "choice", "sic", "corr", "add", "gap", "ab", "seg", "stage"]
ATTRIBUTES = ["n", "type", "rend", "xml:id", "xml:lang", "target", "when", "place", "resp", "cert", "ref", "who", "url", "unit",
              "rows", "part", "status", "facs", "corresp", "key", "from", "reason", "level", "mimeType", "style", "id", "lang"]
DATES = ["1969-02-30", "13 April 1900", "1900-4-1", "1900-13-01", "1900-04-31T10:00", "0000", "99", "1900-02-29", "--13",
         "1861-04-12T25:00:00", "1861-04-12T10:00:00+15:00", "24:00:01", "yesterday", ""]
IDS = ["1a", "a b", "", "a:b", "-x", "x#y", "\u00b7x", "x,y", "\u2022x", "a/b"]
POINTERS = ["#a#b", "http://x y", "%zz", "http://[::1", "", "a|b", "{x}", "x:", ":y", "#", "\\x", "<"[:0] + "^", "http://x/\u00e9"]
LANGUAGES = ["en_US", "", "deutschland", "e", "en-", "1a", "en-toolongsubtag", "*", "zh Hant", "-"]
VALUES = ["", " ", "a b", "\u00a0", "-1", "1.5", "x" * 300, "true", "TRUE", "maybe not", "9" * 30, "\u20ac", "%"]


def attributes_of(data, element):
    return [(found.start() + element.start, found.end() + element.start, found[1].decode(), found[2])
            for found in ATTRIBUTE.finditer(data[element.start:element.start_end])]


def misspelt(name, rng):
    at = rng.randrange(len(name))
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
    changed = rng.choice([name[:at] + name[at + 1:], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1:],
                          name[:at] + name[at:at + 2][::-1] + name[at + 2:]])
    return changed if re.fullmatch(r"[A-Za-z_][\w.-]*", changed) else name + letter


def splice(data, *changes):
    for start, end, new in sorted(changes, key=lambda change: change[:2], reverse=True):
        data = data[:start] + (new if isinstance(new, bytes) else new.encode()) + data[end:]
    return data


def renamed(data, element, name, extra=""):
    """Changes with which an element bears another name."""
    length = len(element.name.encode())
    changes = [(element.start + 1, element.start + 1 + length, name + extra)]
    if element.end != element.start_end:
        changes.append((element.end_start + 2, element.end_start + 2 + length, name))
    return changes


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def with_attribute(data, rng, elements, wanted, values):
    """Gives some element's attribute a new value: one that it has, or a new one."""
    bearing = [(element, found) for element in elements for found in attributes_of(data, element) if found[2] in wanted]
    value = escape(rng.choice(values))
    if bearing and rng.random() < 0.8:
        element, (start, end, name, _) = rng.choice(bearing)
        return splice(data, (start, end, f' {name}="{value}"'))
    name = rng.choice(wanted)
    element = rng.choice([one for one in elements if name not in [found[2] for found in attributes_of(data, one)]])
    at = element.start + 1 + len(element.name.encode())
    return splice(data, (at, at, f' {name}="{value}"'))


def mutate(kind, data, rng):
    elements = tree(data)
    inner = elements[1:]
    # Half of the choices fall on elements near the top, of which there are few.
    shallow = [element for element in inner if sum(1 for _ in element.around()) < 6]
    one = rng.choice(shallow if shallow and rng.random() < 0.3 else inner)
    whole = data[one.start:one.end]
    if kind == "delete":
        return splice(data, (one.start, one.end, ""))
    if kind == "unwrap":
        return splice(data, (one.start, one.start_end, ""), (one.end_start, one.end, ""))
    if kind == "empty":
        return splice(data, (one.start_end, one.end_start, ""))
    if kind in ("move", "copy"):
        target = rng.choice([other for other in elements if one not in other.around() and other.end > other.start_end])
        place = rng.choice([target.start_end, target.end_start] + [child.end for child in target.children if child is not one])
        if one.start < place < one.end:
            place = target.start_end
        changes = [(place, place, whole)]
        return splice(data, *changes, *([(one.start, one.end, "")] if kind == "move" else []))
    if kind == "duplicate":
        return splice(data, (one.end, one.end, whole))
    if kind == "swap":
        pairs = [(a, b) for parent in elements for a, b in zip(parent.children, parent.children[1:])]
        a, b = rng.choice(pairs)
        return splice(data, (a.start, a.end, data[b.start:b.end]), (b.start, b.end, data[a.start:a.end]))
    if kind == "rename":
        return splice(data, *renamed(data, one, rng.choice(NAMES)))
    if kind == "misspell":
        return splice(data, *renamed(data, one, misspelt(one.name, rng)))
    if kind == "insert":
        place = rng.choice([one.start, one.end, one.start_end, one.end_start])
        new = rng.choice(NAMES)
        return splice(data, (place, place, f"<{new}/>" if rng.random() < 0.5 else f"<{new}>x</{new}>"))
    if kind == "text":
        place = rng.choice([one.start, one.end, one.start_end, one.end_start])
        return splice(data, (place, place, rng.choice(["x", "lost words", "&amp;", "\u00a0", "<![CDATA[x]]>", "<!-- -->x"])))
    if kind == "namespace":
        uri = rng.choice(["http://www.w3.org/1999/xhtml", "urn:x-none", "", "http://www.tei-c.org/ns/1.0/"])
        return splice(data, *renamed(data, one, one.name, f' xmlns="{uri}"')) if b" xmlns=" not in data[one.start:one.start_end] else None
    if kind == "prefix":
        name = "x:" + one.name.split(":")[-1]
        uri = rng.choice(["urn:x-none", "http://www.tei-c.org/ns/1.0", "http://www.w3.org/1998/Math/MathML"])
        return splice(data, *renamed(data, one, name, f' xmlns:x="{uri}"'))
    if kind == "date":
        return with_attribute(data, rng, elements, ["when", "from", "to", "notBefore", "notAfter"], DATES)
    if kind == "id":
        known = [found[3][1:-1].decode() for element in elements for found in attributes_of(data, element) if found[2] == "xml:id"]
        return with_attribute(data, rng, elements, ["xml:id"], IDS + known[:10] + known[:10])
    if kind == "pointer":
        return with_attribute(data, rng, elements, ["target", "ref", "corresp", "facs", "who", "url"], POINTERS)
    if kind == "language":
        return with_attribute(data, rng, elements, ["xml:lang"], LANGUAGES)
    if kind == "add attribute":
        return with_attribute(data, rng, [one], [rng.choice(ATTRIBUTES)], VALUES + ["x"])
    bearing = [(element, found) for element in elements for found in attributes_of(data, element)
               if not found[2].startswith("xmlns")]
    if not bearing:
        return None
    element, (start, end, name, value) = rng.choice(bearing)
    if kind == "drop attribute":
        return splice(data, (start, end, ""))
    if kind == "rename attribute":
        new = misspelt(name.split(":")[-1], rng) if rng.random() < 0.5 else rng.choice(ATTRIBUTES + ["x:y", "xml:n"])
        known = [found[2] for found in attributes_of(data, element)]
        declaration = ' xmlns:x="urn:x-none"' if new.startswith("x:") else ""
        return splice(data, (start, end, f" {new}=".encode() + value + declaration.encode())) if new not in known else None
    if kind == "garble":
        return splice(data, (start, end, f' {name}="{escape(rng.choice(VALUES))}"'))
    raise ValueError(kind)


KINDS = ["delete", "unwrap", "empty", "move", "copy", "duplicate", "swap", "rename", "misspell", "insert", "text", "namespace",
         "prefix", "date", "id", "pointer", "language", "add attribute", "drop attribute", "rename attribute", "garble"]


def mutations(out, count, files):
    rng = random.Random(SEED)
    documents = [(name, open(name, "rb").read()) for name in files]
    with open(os.path.join(out, "list.tsv"), "w", encoding="utf-8") as table:
        made = 0
        while made < count:
            kind = KINDS[made % len(KINDS)]
            name, data = rng.choice(documents)
            changed = mutate(kind, data, rng)
            if changed is None or changed == data:
                continue
            try:
                expat.ParserCreate(namespace_separator=" ").Parse(changed, True)
            except expat.ExpatError:
                continue
            made += 1
            with open(os.path.join(out, f"{made:05}.xml"), "wb") as file:
                file.write(changed)
            table.write(f"{made:05}.xml\t{kind}\t{os.path.basename(name)}\n")


def main():
    command, *rest = sys.argv[1:]
    if command == "bases":
        schema, out, *files = rest
        os.makedirs(out, exist_ok=True)
        bases(schema, out, files)
    elif command == "mutations":
        out, count, *files = rest
        os.makedirs(out, exist_ok=True)
        mutations(out, int(count), files)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
