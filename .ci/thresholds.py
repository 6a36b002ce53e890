#!/usr/bin/env python3
"""Compares scores with thresholds: thresholds.py [--tell] THRESHOLDS.tsv LABELLED.json WEB.json

With --tell it only shows them: a part of the corpus may lie below what holds for the whole.
Each line of the table is a measure, the least value for the labelled form and that for the web form.
"""
import json
import sys


def value(total, measure):
    found = total[measure]
    return found["f1"] if isinstance(found, dict) else found


def main():
    arguments = sys.argv[1:]
    tell = "--tell" in arguments
    table, *files = (argument for argument in arguments if argument != "--tell")
    totals = [json.load(open(name, encoding="utf-8"))["total"] for name in files]
    low = 0
    print(f"{'measure':<20} {'labelled':>9} {'least':>7} {'web':>9} {'least':>7}")
    for line in open(table, encoding="utf-8"):
        if not line.strip() or line.startswith("#"):
            continue
        measure, *least = line.split()
        cells = []
        for total, bound in zip(totals, map(float, least)):
            found = value(total, measure)
            low += found < bound
            cells.append(f"{found:9.4f} {bound:7.4f}{'' if found >= bound else ' LOW'}")
        print(f"{measure:<20} " + " ".join(cells))
    if low and not tell:
        sys.exit(f"{low} scores are below their thresholds")


if __name__ == "__main__":
    main()
