"""CPU seconds of the same conversions by the binary (`--jobs 1`) and by a loop in Python, side by side.

python bench/beside_the_binary.py BINARY FOLDER [FORMATS] [ROUNDS]

The folder's `.txt` files are converted to all formats. The binary writes its outputs into memory-backed or other scratch
space, the loop does too. Of several rounds, taken in turn, the least counts: what else the machine does only adds. Files
that lie beside the inputs (`apograph.toml`) count for the binary alone; use a folder without. The pass `references` is left
out: the binary lets it look at the other files of the run, while in the loop each document is alone.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

LOOP = """
import sys, pathlib, apograph
converter = apograph.Converter(enrich=sys.argv[4].split(","))
out = pathlib.Path(sys.argv[2])
out.mkdir()
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.txt")):
    try:
        made = converter.convert(path, to=sys.argv[3].split(","))
    except apograph.ConversionError as error:
        made = error.conversion
    if made is not None:
        made.save(out)
"""

ENRICH = "correspondence,source,dates"


def spent(command: list[str]) -> float:
    """User CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def main(binary: str, folder: str, formats: str = "tei,epub,markdown", rounds: str = "3") -> None:
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        for turn in range(int(rounds)):
            there, here = str(Path(scratch, f"binary{turn}")), str(Path(scratch, f"python{turn}"))
            binary_does = [binary, "convert", folder, "--to", formats, "--enrich", ENRICH, "-o", there]
            theirs.append(spent([*binary_does, "--jobs", "1", "--quiet"]))
            ours.append(spent([sys.executable, "-P", "-c", LOOP, folder, here, formats, ENRICH]))
        differing = [
            path.name
            for path in Path(here).iterdir()
            if path.is_file() and path.read_bytes() != Path(there, path.name).read_bytes()
        ]
        count = sum(1 for path in Path(here).iterdir())
    print(f"{count} outputs, {len(differing)} differ from the binary's {differing[:5] or ''}")
    print(f"binary {min(theirs):.2f} s, Python {min(ours):.2f} s user CPU: {min(ours) / min(theirs):.3f} times")
    if differing:
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
