#!/usr/bin/env python3
"""Folders of so many documents, made of the transcripts beside the checkout: CPU time and wall time for each document,
peak memory, with one worker and with two, and a second run in which nothing is to be done. For people to run; it is no part of .ci/run.

.ci/scale.py [COUNT…] [--jobs 1,2] [--to tei] [--work FOLDER] [--pin]      default: 1000 10000; 300000 take 12 GB of disk

Each run writes to a folder that never was: ext4 looks long for room among files that were removed a moment ago. With --pin a run
may use only as many processors as it has workers: one worker alone leaves what the system does for it to the others.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = pathlib.Path(os.environ.get("APOGRAPH_SHARED", ROOT / "../shared"))
BINARY = pathlib.Path(os.environ.get("APOGRAPH", ROOT / "target/release/apograph")).resolve()


def generate(folder, count, texts):
    """Files in folders of a thousand, each with the whole text of one of the transcripts, in turn."""
    for number in range(count):
        below = folder / f"{number // 1000:03}"
        if number % 1000 == 0:
            below.mkdir(parents=True)
        # Each is different, if only by a number at the end of a line that stays as it is.
        (below / f"{number:06}.txt").write_bytes(texts[number % len(texts)] + b"\n\nCopy %d.\n" % number)


def run(arguments, processors=None):
    """What a command took: wall seconds, user and system seconds, peak memory in MiB."""
    begun = time.monotonic()
    pin = (lambda: os.sched_setaffinity(0, processors)) if processors else None
    child = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=pin)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begun
    return child.returncode, wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss / 1024


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("counts", nargs="*", type=int, default=[1000, 10000])
    options.add_argument("--jobs", default="1,2")
    options.add_argument("--to", default="tei")
    options.add_argument("--work", default=ROOT / "target/scale", type=pathlib.Path)
    options.add_argument("--pin", action="store_true")
    told = options.parse_args()
    processors = sorted(os.sched_getaffinity(0))
    corpus = SHARED / "corpora/transcripts"
    if not corpus.is_dir():
        sys.exit(f"skipped: there are no transcripts in {SHARED}")
    texts = [path.read_bytes() for form in ("labelled", "web") for path in sorted((corpus / form).glob("**/*.txt"))]
    print(f"{len(texts)} texts of {sum(map(len, texts)) / len(texts):.0f} bytes on average, to {told.to}")
    print("documents  jobs  run      wall s  user s   sys s   user ms/doc   docs/s   peak MiB  exit")
    shutil.rmtree(told.work, ignore_errors=True)
    for count in told.counts:
        work = told.work / str(count)
        inputs = work / "in"
        generate(inputs, count, texts)
        for jobs in told.jobs.split(","):
            out = work / f"out-{jobs}"
            os.sync()
            command = [BINARY, "convert", inputs, "--to", told.to, "-o", out, "--jobs", jobs, "--quiet",
                       "--report", work / "report.html"]
            for which in ("first", "second"):
                code, wall, user, system, peak = run(command, processors[:int(jobs)] if told.pin else None)
                print(f"{count:9}  {jobs:>4}  {which:6} {wall:8.2f} {user:7.2f} {system:7.2f} "
                      f"{1000 * user / count:13.3f} {count / wall:8.0f} {peak:10.1f}  {code:4}", flush=True)
    shutil.rmtree(told.work, ignore_errors=True)


if __name__ == "__main__":
    main()
