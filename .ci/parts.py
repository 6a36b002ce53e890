#!/usr/bin/env python3
"""Parts what is known of the documents by volume: parts.py GOLD TUNED-ON OUT makes OUT/tuned-on and OUT/held-out."""
import glob
import os
import sys


def main():
    gold, table, out = sys.argv[1:]
    lines = (line.strip() for line in open(table, encoding="utf-8"))
    tuned = {line for line in lines if line and not line.startswith("#")}
    counts = {"tuned-on": 0, "held-out": 0}
    for path in sorted(glob.glob(os.path.join(gold, "*.gold.json"))):
        name = os.path.basename(path)
        part = "tuned-on" if name.rsplit("-", 1)[0] in tuned else "held-out"
        os.makedirs(os.path.join(out, part), exist_ok=True)
        link = os.path.join(out, part, name)
        if not os.path.lexists(link):
            os.symlink(os.path.abspath(path), link)
        counts[part] += 1
    print(", ".join(f"{part}: {count} documents" for part, count in counts.items()))


if __name__ == "__main__":
    main()
