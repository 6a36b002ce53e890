#!/usr/bin/env python3
"""Compares the program's verdicts with jing's.

agreement.py valid   JING.jar SCHEMA.rng FILE...                 prints the files that jing finds valid
agreement.py first   JING.jar SCHEMA.rng APOGRAPH FILE...        verdicts, and the element of the first fault
agreement.py counts  JING.jar SCHEMA.rng APOGRAPH FILE...        verdicts, and how many distinct faults each file has

`first` and `counts` end with exit code 1 if a verdict differs, or too many elements (1%) or counts (5%) do.
"""
import bisect
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

MESSAGE = re.compile(r"^(.*?):(?:(\d+):(\d+): )?(fatal|error|warning): (.*)$")


def run_jing(jar, schema, files):
    """Line, column and message of jing's errors for each file, all files in one JVM.

    jing ends at the first file that is not well-formed; the others are then given to it again. A file that can't be
    valid comes last: unless jing tells of it, the run was cut short.
    """
    with tempfile.TemporaryDirectory() as folder:
        sentinel = os.path.join(folder, "last.xml")
        with open(sentinel, "w", encoding="utf-8") as file:
            file.write('<never-valid xmlns="urn:x-sentinel"/>')
        faults = collections.OrderedDict((os.path.realpath(name), []) for name in files)
        todo = list(faults)
        while todo:
            done = subprocess.run(["java", "-XX:+UseSerialGC", "-Xss64m", "-jar", jar, schema, *todo, sentinel],
                                  capture_output=True, text=True, check=False)
            stopped, whole = None, False
            for line in (done.stdout + done.stderr).splitlines():
                told = MESSAGE.match(line)
                if not told:
                    continue
                name = told[1]
                if name == sentinel:
                    whole = True
                elif name in faults:
                    faults[name].append((int(told[2] or 1), int(told[3] or 1), told[5]))
                    if told[4] == "fatal":
                        stopped = name
            if whole:
                break
            if stopped is None:
                sys.exit(f"jing gave no verdict: {done.stderr[:500]}")
            todo = todo[todo.index(stopped) + 1:]
        return faults


def run_apograph(binary, schema, files):
    done = subprocess.run([binary, "validate", "--json", "--schema", schema, *files], capture_output=True, text=True, check=False)
    faults = collections.OrderedDict()
    for line in done.stdout.splitlines():
        told = json.loads(line)
        errors = [finding for finding in told["findings"] if finding["severity"] == "error"]
        faults[os.path.realpath(told["file"])] = [
            (finding.get("line", 1), finding.get("column", 1), f"{finding['code']}: {finding['message']}") for finding in errors]
        if told["valid"] != (not errors):
            sys.exit(f"{told['file']}: a verdict that contradicts itself")
    return faults


TOKEN = re.compile(r"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>"""
                   r"""|<(?P<end>/?)(?P<name>[^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*>""", re.DOTALL)


class Map:
    """Which element a place belongs to, by the number of its start tag."""

    def __init__(self, name):
        with open(name, encoding="utf-8-sig", newline="") as file:
            self.text = file.read()
        self.lines = [0] + [end.end() for end in re.finditer(r"\r\n|\r|\n", self.text)]
        # Start, end, number of the element, and whether the tag is a start or an end; neither for an empty element.
        self.tags, self.names, self.starts = [], [], []
        open_elements = []
        for token in TOKEN.finditer(self.text):
            if token["name"] is None:
                continue
            if token["end"]:
                self.tags.append((*token.span(), open_elements.pop(), "end"))
                continue
            number = len(self.names)
            self.names.append(token["name"])
            self.starts.append(token.start())
            is_empty = token[0].endswith("/>")
            self.tags.append((*token.span(), number, None if is_empty else "start"))
            if not is_empty:
                open_elements.append(number)
        self.settle()

    def offset(self, line, column):
        return self.lines[min(line, len(self.lines)) - 1] + column - 1

    def settle(self):
        """For fast lookups: where tags begin and end, and which element is open behind each."""
        self.begins = [start for start, *_ in self.tags]
        self.by_end = {}
        self.open_behind, open_elements = [], []
        for start, end, number, kind in self.tags:
            self.by_end.setdefault(end, []).append((number, kind))
            if kind == "start":
                open_elements.append(number)
            elif kind == "end":
                open_elements.pop()
            self.open_behind.append(open_elements[-1] if open_elements else None)

    def before(self, offset):
        """How many tags begin before an offset."""
        return bisect.bisect_left(self.begins, offset)

    def around(self, offset):
        """The innermost element that is open at an offset."""
        at = self.before(offset)
        return self.open_behind[at - 1] if at else None

    def text_before(self, offset):
        """jing tells of text at its end, or a few characters into the tag behind it: the number of that tag."""
        at = self.before(offset)
        return at - 1 if at and self.tags[at - 1][1] > offset else at

    def theirs(self, line, column, message):
        """jing tells where a tag ends, or where text does."""
        offset = self.offset(line, column)
        if message.startswith("text not allowed"):
            at = self.text_before(offset)
            return self.open_behind[at - 1] if at else None
        ended = self.by_end.get(offset)
        return ended[0][0] if ended else self.around(offset)

    def ours(self, line, column):
        """The program tells where a tag, an attribute or text begins."""
        offset = self.offset(line, column)
        at = self.before(offset + 1) - 1
        if at >= 0 and self.tags[at][0] <= offset < self.tags[at][1]:
            return self.tags[at][2]
        return self.around(offset)


NAMED = re.compile(r"""^element "([^"]+)" (?:from namespace "[^"]*" )?not allowed""")


def genuine(faults, places):
    """jing's faults as pairs of message and place, without those that only repeat.

    Behind an error that it keeps to itself jing reports its last message once more (PatternValidator.check with a stale
    message), and text is reported for each piece in which the parser hands it over.
    """
    found, last = [], None
    for line, column, message in faults:
        offset = places.offset(line, column)
        ended = places.by_end.get(offset, [])
        starts = [number for number, kind in ended if kind != "end"]
        named = NAMED.match(message)
        if message == last:
            if named:
                name = named[1].split(":")[-1]
                if not any(places.names[number].split(":")[-1] == name for number in starts):
                    continue
            elif message.startswith("text not allowed") and ended:
                continue
            elif message.startswith(("attribute", "value of attribute", "no attributes")) and not starts:
                continue
            elif message.startswith(("attribute", "value of attribute")) and not named_attribute(message, places, starts):
                continue
        last = message
        if message.startswith("text not allowed"):
            found.append(("text", places.text_before(offset)))
        else:
            found.append((message, offset))
    return found


def named_attribute(message, places, starts):
    name = re.search(r'attribute "([^"]+)"', message)
    return any(name[1] in places.text[places.starts[number]:places.starts[number] + 2000].split(">")[0] for number in starts)


def first(theirs, ours):
    labels = {}
    same_verdict = same_element = faulty = 0
    worst = []
    kinds = collections.Counter()
    agreed = collections.Counter()
    for name, jing in theirs.items():
        listed = os.path.join(os.path.dirname(name), "list.tsv")
        if listed not in labels:
            labels[listed] = dict(line.split("\t")[:2] for line in open(listed, encoding="utf-8")) if os.path.exists(listed) else {}
        kind = labels[listed].get(os.path.basename(name), "")
        kinds[kind] += 1
        mine = ours[name]
        if bool(jing) != bool(mine):
            worst.append(f"VERDICT {name} ({kind}): jing {jing[:1]}, apograph {mine[:1]}")
            continue
        same_verdict += 1
        if not jing:
            agreed[kind] += 1
            continue
        faulty += 1
        places = Map(name)
        their, mine_at = places.theirs(*jing[0]), places.ours(*mine[0][:2])
        if their == mine_at:
            same_element += 1
            agreed[kind] += 1
        else:
            worst.append(f"ELEMENT {name} ({kind}): jing {their} {jing[0]}, apograph {mine_at} {mine[0]}")
    print(f"{'mutation':<20} {'files':>6} {'agree':>6}")
    for kind, count in sorted(kinds.items()):
        print(f"{kind:<20} {count:6} {agreed[kind]:6}")
    total = len(theirs)
    print(f"same verdict: {same_verdict} of {total}; both find faults: {faulty}; first at the same element: {same_element} "
          f"({100 * same_element / max(faulty, 1):.2f} %)")
    print("\n".join(worst[:int(os.environ.get("WORST", "10"))]))
    return same_verdict == total and same_element >= 0.99 * faulty


def counts(theirs, ours):
    same_verdict = same_count = 0
    print(f"{'file':<52} {'jing':>7} {'apograph':>9}")
    for name, jing in theirs.items():
        mine = ours[name]
        same_verdict += bool(jing) == bool(mine)
        one, other = len(set(genuine(jing, Map(name))) if jing else ()), len(set(mine))
        same_count += one == other
        if one or other:
            print(f"{os.path.basename(name):<52} {one:7} {other:9} {'' if one == other else 'DIFFERENT'}")
    total = len(theirs)
    print(f"same verdict: {same_verdict} of {total}; same number of distinct faults: {same_count} of {total} "
          f"({100 * same_count / total:.1f} %)")
    return same_verdict == total and same_count >= 0.95 * total


def main():
    command, jar, schema, *rest = sys.argv[1:]
    if command == "valid":
        faults = run_jing(jar, schema, rest)
        print("\n".join(name for name in rest if not faults[os.path.realpath(name)]))
        return
    binary, *files = rest
    compare = {"first": first, "counts": counts}[command]
    if not compare(run_jing(jar, schema, files), run_apograph(binary, schema, files)):
        sys.exit(f"{command}: the program and jing differ")


if __name__ == "__main__":
    main()
