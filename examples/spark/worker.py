"""What a worker does with its share of the documents. Knows nothing of Spark but the types of the report."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

SCHEMA = (
    "name string, key string, status string, outputs array<struct<format: string, path: string, bytes: bigint>>, "
    "format string, characters bigint, notes bigint, pages bigint, doubts bigint, "
    "losses bigint, warnings bigint, errors bigint, code string, message string, line bigint, column bigint, "
    "diagnostics string, seconds double"
)
"""The columns of the report. `seconds` are of CPU; `diagnostics` is a JSON array."""

MEMORY = ".apograph-spark"
"""The folder under the outputs in which is remembered what was done."""


@dataclass(frozen=True)
class Settings:
    """What holds for all documents of a run."""

    to: tuple[str, ...]
    out: str
    options: dict[str, Any] = field(default_factory=dict)
    wheel: str | None = None
    same_stem: frozenset[str] = frozenset()


def convert_all(documents: Iterable[Any], settings: Settings) -> Iterator[tuple[Any, ...]]:
    """A row of the report for each document; `documents` have `name` and `content`."""
    bring(settings.wheel)
    import apograph

    converter = apograph.Converter(**settings.options)
    retried = attempt() > 0
    for document in documents:
        name, content = document["name"], document["content"]
        yield tuple(convert_one(apograph, converter.convert, settings, name, content, retried).values())


def attempt() -> int:
    """How many times this share was begun before and not finished."""
    from pyspark import TaskContext

    context = TaskContext.get()
    return context.attemptNumber() if context else 0


def convert_one(
    apograph: Any,
    convert: Callable[..., Any],
    settings: Settings,
    name: str | None,
    content: bytes | None,
    retried: bool = False,
) -> dict[str, Any]:
    """Converts one document, unless that was done before, and says how it fared."""
    row: dict[str, Any] = dict.fromkeys(part.split()[0] for part in re.sub("<.*?>", "", SCHEMA).split(", "))
    row |= {"name": name, "outputs": [], "losses": 0, "warnings": 0, "errors": 0}
    refused = unfit(name) or ("no-content" if content is None else None)
    if refused:
        return row | failed(refused, f"`{name}` is no name for an output" if content is not None else "no content")
    assert name is not None and content is not None
    content = bytes(content)
    row["key"] = key(apograph.__version__, settings, content)
    memory = Memory(settings.out, name)
    if (done := memory.recall(row["key"])) is not None:
        return row | done | {"status": "unchanged", "seconds": 0.0}
    if retried and memory.was_trying(row["key"]):
        return row | failed("worker.killed", "the worker died over this document; it is passed over")
    if retried:
        memory.trying(row["key"])
    before = time.process_time()
    try:
        row |= told(keep(settings, name, convert(content, settings.to, name=name)))
        row["status"] = "converted"
    except apograph.ApographError as error:
        # What was made all the same is kept, as on the command line.
        made = getattr(error, "conversion", None)
        row |= told(keep(settings, name, made)) if made else {}
        row |= failed(error.code or "usage", str(error), error.line, error.column)
        row["errors"] = max(1, sum(one.severity == "error" for one in error.diagnostics))
        row["diagnostics"] = json.dumps([asdict(one) for one in error.diagnostics], ensure_ascii=False)
    row["seconds"] = time.process_time() - before
    memory.remember(row)
    return row


def failed(code: str, message: str, line: int | None = None, column: int | None = None) -> dict[str, Any]:
    return {"status": "failed", "errors": 1, "code": code, "message": message, "line": line, "column": column}


def told(made: tuple[Any, list[dict[str, Any]]]) -> dict[str, Any]:
    """What the report says of a conversion."""
    conversion, outputs = made
    document, found = conversion.document, conversion.diagnostics
    counted = {name: sum(one.severity == name[:-2 if name == "losses" else -1] for one in found)
               for name in ("losses", "warnings", "errors")}  # fmt: skip
    said = json.dumps([asdict(one) for one in found], ensure_ascii=False) if found else None
    return {
        "outputs": outputs,
        "format": document.format,
        "characters": document.characters,
        **document.counts,
        **counted,
        "diagnostics": said,
    }


def keep(settings: Settings, name: str, conversion: Any) -> tuple[Any, list[dict[str, Any]]]:
    """Writes the files of a conversion under the folder of outputs."""
    path = PurePosixPath(name)
    stem = path.with_suffix("") if path.suffix else path
    if str(stem).lower() in settings.same_stem:
        # Several documents would have outputs of this name, so each keeps its extension.
        stem = path
    outputs = []
    for format, files in conversion.files.items():
        for at, (file, data) in enumerate(files.items()):
            suffix = PurePosixPath(file).suffix
            relative = f"{stem}{suffix}" if at == 0 else str(stem.parent / file)
            put(Path(settings.out, relative), data)
            outputs.append({"format": format, "path": relative, "bytes": len(data)})
    return conversion, outputs


def put(path: Path, data: bytes) -> None:
    """Writes a file that appears whole or not at all, whoever else writes it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def unfit(name: str | None) -> str | None:
    """Why a name can't be that of outputs: it would lead elsewhere."""
    parts = PurePosixPath(name or "").parts
    fit = parts and "\0" not in (name or "") and not any(part in ("/", "..", MEMORY) for part in parts)
    return None if fit else "name.unfit"


def key(version: str, settings: Settings, content: bytes) -> str:
    """Everything on which outputs depend, as one word."""
    said = json.dumps([version, settings.to, settings.options], sort_keys=True, default=str)
    return hashlib.blake2b(content, digest_size=20, key=hashlib.blake2b(said.encode(), digest_size=32).digest()).hexdigest()


class Memory:
    """What was done with a document: a small file under the outputs."""

    def __init__(self, out: str, name: str) -> None:
        word = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        self.out = out
        self.file = Path(out, MEMORY, word[:2], f"{word[2:]}.json")

    def recall(self, key: str) -> dict[str, Any] | None:
        """The row of an earlier run with the same key, if it went well and its outputs are there still."""
        try:
            row: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
            sizes = [os.stat(Path(self.out, made["path"])).st_size == made["bytes"] for made in row["outputs"]]
        except (OSError, ValueError, KeyError):
            return None
        return row if row.get("key") == key and row.get("status") == "converted" and all(sizes) else None

    def remember(self, row: dict[str, Any]) -> None:
        """Keeps the row of what was done; also ends trying."""
        put(self.file, json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def trying(self, key: str) -> None:
        """Says that the document is being worked on, after its share was begun in vain."""
        put(self.file, json.dumps({"key": key, "status": "trying"}).encode())

    def was_trying(self, key: str) -> bool:
        """True if a worker died while it was at this document, alone."""
        try:
            row = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return row.get("key") == key and row.get("status") == "trying"


def bring(wheel: str | None) -> None:
    """Makes the module that came along with the job importable: unpacked once for each worker."""
    if wheel is None:
        return
    from pyspark import SparkFiles

    path = Path(SparkFiles.get(wheel))
    folder = path.with_name(f"{path.name}.unpacked")
    if not folder.is_dir():
        part = folder.with_name(f"{folder.name}.{uuid.uuid4().hex}")
        with zipfile.ZipFile(path) as archive:
            archive.extractall(part)
        try:
            part.rename(folder)
        except OSError:
            # Another process of the same worker was first.
            pass
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
