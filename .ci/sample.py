#!/usr/bin/env python3
"""Makes random documents that a RELAX NG schema allows: sample.py SCHEMA.rng OUT COUNT [SEED]

Reads the schema by itself, so that it is a second witness of what the schema says. Understands what `schemas/tei.rng` is
written in and stops at anything else. Ids are given out once each, and pointers lead to them or elsewhere. Which elements,
attributes and alternatives were never made is told at the end; with none left out, the sample has seen all of the schema.
"""
import os
import random
import re
import sys
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

RNG = "{http://relaxng.org/ns/structure/1.0}"
XSD = "http://www.w3.org/2001/XMLSchema-datatypes"
# How many elements a document may have before it is brought to an end.
ELEMENTS = 140

WORDS = ["Harbour", "lake", "mail", "1931", "ferry", "&", "<", "é", "“quoted”", "No. 4", "א", "港", "𐌰", "]]>", " ", "\t", "wind–ward"]
# Values for each type; a pattern is met by those of them that match it, and there must be some.
VALUES = {
    "string": ["", " ", "x", "two words", "é<&\"'"],
    "token": ["x", "a-b", "é", "1", "12.3.4", "1.0", "a.b", "_", "·", "4a", "3.1rc2", "+", "$", "two words", "http://x.test/"],
    "NCName": ["x", "_1", "é.b-c", "apograph"],
    "language": ["en", "de-AT", "zh-Hant-TW", "x-own", "grc"],
    "anyURI": ["", "#a", "http://x.test/?q=1#f", "../x y", "urn:x:y", "mailto:a@b.test", "é", "x/y#z"],
    "nonNegativeInteger": ["0", "1", "+12", "007", "99999999999999999999"],
    "date": ["1861-04-12", "2000-02-29Z", "-0044-03-15", "12861-01-01+14:00"],
    "gYear": ["1861", "-0044", "12861", "1861Z"],
    "gMonth": ["--04", "--12Z"],
    "gDay": ["---01", "---31-05:00"],
    "gYearMonth": ["1861-04", "-0044-03Z"],
    "gMonthDay": ["--02-29", "--12-31"],
    "time": ["04:30:00", "23:59:60", "23:59:59.999Z"],
    "dateTime": ["1861-04-12T04:30:00", "1861-04-12T00:00:00-12:00", "1861-04-12T04:30:00.5+02:00"],
    "boolean": ["true", "false", "0", "1"],
    "decimal": ["0", "-1.5", "+.5"],
    "double": ["1e3", "-0.5", "INF"],
    "integer": ["0", "-12"],
    "positiveInteger": ["1", "+7"],
}


def expression(source):
    """A regular expression of XML Schema as one of Python, for those that schemas here use."""
    for name, inner in ((r"\p{C}", r"\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\ue000-\uf8ff"),
                        (r"\p{Z}", r" \xa0\u2000-\u200a\u2028\u2029\u202f\u3000"), (r"\d", "0-9")):
        source = source.replace(f"[{name}]", f"[{inner}]").replace(name, inner if "[" in source else f"[{inner}]")
    if "\\p" in source or "-[" in source or "\\i" in source or "\\c" in source:
        sys.exit(f"the pattern `{source}` is beyond this script")
    return re.compile(f"(?:{source})", re.ASCII)


class Sampler:
    def __init__(self, path, rng):
        self.rng = rng
        root = ElementTree.parse(path).getroot()
        self.ns = root.get("ns", "")
        self.library = root.get("datatypeLibrary", "")
        if self.library != XSD:
            sys.exit("another library of datatypes is beyond this script")
        self.definitions = {}
        self.start = None
        for component in root:
            if component.tag == RNG + "start":
                self.start = list(component)
            elif component.tag == RNG + "define":
                if component.get("name") in self.definitions or component.get("combine"):
                    sys.exit(f"`{component.get('name')}` is defined in parts: that is beyond this script")
                self.definitions[component.get("name")] = list(component)
            else:
                sys.exit(f"`{component.tag}` is beyond this script")
        # Of every alternative, option and repetition: was it taken, was it left?
        self.seen, self.all = set(), set()
        self.costs = {}
        self.measure()
        for node in root.iter():
            kind = node.tag.replace(RNG, "")
            if kind in ("optional", "zeroOrMore"):
                self.all |= {(node, "taken"), (node, "left")}
            elif kind == "oneOrMore":
                self.all |= {(node, "once"), (node, "more")}
            elif kind == "choice":
                self.all |= {(node, child) for child in node}

    def measure(self):
        """How many elements the smallest thing has that each pattern allows: so that documents can be ended."""
        nodes = [node for body in [*self.definitions.values(), self.start] for top in body for node in top.iter()]
        changed = True
        while changed:
            changed = False
            for node in nodes:
                cost = self.cost_of(node)
                if cost < self.costs.get(node, 10**6):
                    self.costs[node] = cost
                    changed = True

    def cost(self, nodes):
        return sum(self.costs.get(node, 10**6) for node in nodes)

    def cost_of(self, node):
        kind = node.tag.replace(RNG, "")
        children = [child for child in node if child.tag not in (RNG + "param",)]
        if kind in ("optional", "zeroOrMore", "attribute", "text", "empty", "data", "value", "list", "name"):
            return 0
        if kind == "choice":
            return min((self.costs.get(child, 10**6) for child in children), default=10**6)
        if kind == "ref":
            return self.cost(self.definitions[node.get("name")])
        inner = [child for child in children if not self.is_class(node, child)]
        return (1 if kind == "element" else 0) + self.cost(inner)

    def is_class(self, node, child):
        return node.tag == RNG + "element" and node.get("name") is None and child is node[0]

    def document(self):
        self.elements, self.ids = 0, 0
        self.attributes, self.content = {}, []
        self.patterns(self.start)
        return "".join(self.content)

    def patterns(self, nodes):
        for node in nodes:
            self.pattern(node)

    def full(self):
        return self.elements > self.limit

    def pattern(self, node):
        kind = node.tag.replace(RNG, "")
        getattr(self, "make_" + kind, self.unknown)(node)

    def unknown(self, node):
        sys.exit(f"`{node.tag}` is beyond this script")

    def make_ref(self, node):
        self.patterns(self.definitions[node.get("name")])

    def make_group(self, node):
        self.patterns(node)

    def make_interleave(self, node):
        if any(self.makes_text(child) for child in node) and len(node) > 1:
            sys.exit("an interleave with text is beyond this script")
        parts = list(node)
        self.rng.shuffle(parts)
        self.patterns(parts)

    def makes_text(self, node):
        return any(inner.tag in (RNG + "text", RNG + "mixed") for inner in node.iter())

    def make_empty(self, _):
        pass

    def make_text(self, _):
        self.content.append(escape(" ".join(self.rng.choice(WORDS) for _ in range(self.rng.randrange(4)))))

    def make_optional(self, node):
        taken = self.rng.random() < (0.35 if self.is_free(node) else 0.3) and not (self.full() and self.cost(node))
        self.seen.add((node, "taken" if taken else "left"))
        if taken:
            self.patterns(node)

    def is_free(self, node):
        return self.cost(node) == 0

    def make_zeroOrMore(self, node):
        count = 0 if self.full() else self.rng.choice([0, 0, 1, 1, 2, 3])
        self.seen.add((node, "taken" if count else "left"))
        for _ in range(count):
            self.patterns(node)

    def make_oneOrMore(self, node):
        count = 1 if self.full() else self.rng.choice([1, 1, 1, 2, 3])
        self.seen.add((node, "more" if count > 1 else "once"))
        for _ in range(count):
            self.patterns(node)

    def make_choice(self, node):
        options = list(node)
        if self.full():
            least = min(self.costs.get(child, 10**6) for child in options)
            options = [child for child in options if self.costs.get(child, 10**6) == least]
        else:
            # What was not taken yet goes first now and then, so that rare corners are reached.
            fresh = [child for child in options if (node, child) not in self.seen]
            if fresh and self.rng.random() < 0.5:
                options = fresh
        child = self.rng.choice(options)
        self.seen.add((node, child))
        self.pattern(child)

    def make_element(self, node):
        inner = list(node)
        if node.get("name"):
            name = node.get("name")
        else:
            names = inner.pop(0)
            choices = [names] if names.tag == RNG + "name" else list(names)
            pick = self.rng.choice(choices)
            if names.tag == RNG + "choice":
                self.seen.add((names, pick))
            name = pick.text.strip()
        self.elements += 1
        attributes, content = self.attributes, self.content
        self.attributes, self.content = {}, []
        self.patterns(inner)
        made = "".join(f" {name}={value}" for name, value in self.rng.sample(sorted(self.attributes.items()), len(self.attributes)))
        body = "".join(self.content)
        self.attributes, self.content = attributes, content
        namespace = f' xmlns="{self.ns}"' if name == "TEI" and not content else ""
        self.content.append(f"<{name}{namespace}{made}>{body}</{name}>" if body else f"<{name}{namespace}{made}/>")

    def make_attribute(self, node):
        name = node.get("name")
        if not name:
            sys.exit("an attribute without a single name is beyond this script")
        if name in self.attributes:
            sys.exit(f"the attribute `{name}` twice in one element")
        value = self.value(list(node)[0]) if len(node) else self.rng.choice(VALUES["string"])
        self.attributes[name] = quoteattr(value, {"\n": "&#10;", "\t": "&#9;"})

    def value(self, node):
        """The value of an attribute, or a word of one."""
        kind = node.tag.replace(RNG, "")
        if kind == "ref":
            body = self.definitions[node.get("name")]
            if len(body) != 1:
                sys.exit("a value of several patterns is beyond this script")
            return self.value(body[0])
        if kind == "choice":
            fresh = [child for child in node if (node, child) not in self.seen]
            child = self.rng.choice(fresh or list(node))
            self.seen.add((node, child))
            return self.value(child)
        if kind == "value":
            return node.text or ""
        if kind == "list":
            return self.words(list(node))
        if kind == "text":
            return self.rng.choice(VALUES["string"])
        if kind == "data":
            return self.data(node)
        return self.unknown(node)

    def words(self, nodes):
        words = []
        for node in nodes:
            if node.tag in (RNG + "oneOrMore", RNG + "zeroOrMore"):
                count = self.rng.choice([1, 1, 2, 3])
                self.seen |= {(node, "more" if count > 1 else "once"), (node, "taken")}
                words += [self.words(list(node)) for _ in range(count)]
            else:
                words.append(self.value(node))
        words = [word for word in words if word.strip() and " " not in word] or ["x"]
        return " ".join(words)

    def data(self, node):
        kind = node.get("type")
        if kind == "ID":
            self.ids += 1
            return f"i{self.ids}"
        values = list(VALUES.get(kind) or self.unknown(node))
        for facet in node:
            if facet.tag != RNG + "param" or facet.get("name") != "pattern":
                sys.exit(f"the facet `{facet.get('name')}` is beyond this script")
            pattern = expression(facet.text)
            values = [value for value in values if pattern.fullmatch(value)]
        if not values:
            sys.exit(f"no value of `{kind}` meets its pattern")
        return self.rng.choice(values)

    def missed(self):
        return self.all - self.seen


def main():
    schema, out, count, *rest = sys.argv[1:]
    rng = random.Random(int(rest[0]) if rest else 1931)
    sampler = Sampler(schema, rng)
    os.makedirs(out, exist_ok=True)
    for number in range(1, int(count) + 1):
        sampler.limit = rng.choice([0, 10, 40, ELEMENTS])
        with open(os.path.join(out, f"{number:06}.xml"), "w", encoding="utf-8") as file:
            file.write(sampler.document())
    missed = sampler.missed()
    print(f"{count} documents; {len(sampler.all) - len(missed)} of {len(sampler.all)} alternatives of the schema were made")
    for node, way in sorted(missed, key=str)[:10]:
        print(f"  never: {node.tag.replace(RNG, '')} {node.attrib} {way if isinstance(way, str) else way.attrib or way.text}")


if __name__ == "__main__":
    main()
