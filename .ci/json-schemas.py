#!/usr/bin/env python3
"""Checks JSON that the program writes against the schemas in `schemas/`: json-schemas.py APOGRAPH WORK

Converts the examples and the cases of TEI, checks the documents, the report and what is printed, and makes sure that the
schemas refuse what is broken.
"""
import copy
import glob
import json
import os
import subprocess
import sys

from jsonschema import Draft202012Validator


def validator(name, part=None):
    with open(f"schemas/{name}.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    if part:
        schema = {"$ref": f"#/$defs/{part}", "$defs": schema["$defs"]}
    return Draft202012Validator(schema)


def check(checker, value, what):
    for worst in checker.iter_errors(value):
        # Of alternatives, what went wrong deepest in tells most.
        while worst.context:
            worst = max(worst.context, key=lambda error: len(error.absolute_path))
        sys.exit(f"{what}: {worst.json_path}: {worst.message[:300]}")


def refuse(checker, value, what):
    if checker.is_valid(value):
        sys.exit(f"{what} should be refused")


def main():
    binary, work = sys.argv[1:]
    os.makedirs(work, exist_ok=True)
    report = os.path.join(work, "report.json")
    cases = sorted(glob.glob("tests/cases/**/*.tei.xml", recursive=True) + glob.glob("tests/cases/**/*.source.xml", recursive=True))
    done = subprocess.run([binary, "convert", "examples", *cases, "--to", "json", "-o", os.path.join(work, "out"), "--force", "--json",
                           "--report", report], capture_output=True, text=True, check=False)
    outcomes = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not outcomes:
        sys.exit(f"nothing was converted: {done.stderr[:500]}")
    for outcome in outcomes:
        check(validator("report", "document"), outcome, outcome.get("input"))
    with open(report, encoding="utf-8") as file:
        whole = json.load(file)
    check(validator("report"), whole, report)
    documents = sorted(glob.glob(os.path.join(work, "out", "**", "*.json"), recursive=True))
    documents += sorted(glob.glob("tests/cases/*/*.json"))
    checker = validator("document")
    count = 0
    for name in documents:
        with open(name, encoding="utf-8") as file:
            value = json.load(file)
        if isinstance(value, dict) and value.get("format") == "apograph":
            check(checker, value, name)
            count += 1
            kept = value
    done = subprocess.run([binary, "validate", "--json", *cases], capture_output=True, text=True, check=False)
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    for verdict in verdicts:
        check(validator("report", "verdict"), verdict, verdict.get("file"))
    if count == 0 or not any(verdict["findings"] for verdict in verdicts):
        sys.exit("there was nothing to check")

    broken = copy.deepcopy(kept)
    broken["version"] = 99
    refuse(checker, broken, "another version")
    broken = copy.deepcopy(kept)
    broken["document"]["body"] = [{"paragraph": {"content": []}}]
    refuse(checker, broken, "a paragraph without tag")
    broken = copy.deepcopy(whole)
    del broken["totals"]["notes"]
    refuse(validator("report"), broken, "a report without figures")
    print(f"JSON: {count} documents, {len(outcomes)} outcomes, {len(verdicts)} verdicts and a report are as their schemas say")


if __name__ == "__main__":
    main()
