"""From sources to documents and outputs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypedDict, Union

from . import _native
from ._document import Document
from ._errors import ConversionError, Diagnostic, UsageError, diagnostics
from ._model import Inference

if TYPE_CHECKING:
    from typing_extensions import Unpack

Path_ = Union[str, "os.PathLike[str]"]
Data = Union[bytes, bytearray, memoryview]
Source = Union[Data, Path_, IO[bytes]]
"""Something to be read: bytes, the path of a file, or a file that is open for reading bytes."""


class Options(TypedDict, total=False):
    """The options of :class:`Converter`, and of all functions that make one."""

    from_: str | None
    enrich: Iterable[str] | None
    metadata: dict[str, Any] | Path_ | None
    validate: bool
    prove: bool
    strict: bool
    profile: str | None
    tei_profile: str | None
    xinclude: bool
    notes: str | None
    toc_depth: int | None
    theme: str | None
    css: Path_ | None
    cover: Path_ | None
    fonts: Iterable[Path_]
    authorities: Iterable[Path_]
    max_document: int


@dataclass(frozen=True)
class Proof:
    """What was compared, white space aside: the text of the source, of the document, and of every output."""

    characters: int | None
    """How many characters of text there are; ``None`` if nothing was compared."""
    source: bool | None
    """True if the document holds all text of the source; ``None`` if its format has nothing to compare by."""
    outputs: dict[str, bool | None]
    """For each format: true if the text read back from the output is the document's; ``None`` if not compared."""

    @property
    def holds(self) -> bool:
        """True if no comparison failed, and at least one was made."""
        said = [self.source, *self.outputs.values()]
        return False not in said and True in said


class Conversion:
    """What a document was made into."""

    def __init__(self, native: _native.Conversion) -> None:
        self._native = native
        self._written = native.written

    @cached_property
    def document(self) -> Document:
        """The document between source and outputs."""
        return Document(self._native.document)

    @cached_property
    def outputs(self) -> dict[str, bytes]:
        """All files by name: ``cable.xml``, ``cable.epub``, and beside them what they show (``images/pier.png``)."""
        return {name: data for _, _, files in self._written for name, data in files}

    @property
    def formats(self) -> list[str]:
        """The formats that were written."""
        return [format for format, _, _ in self._written]

    @property
    def files(self) -> dict[str, dict[str, bytes]]:
        """For each format its files by name, the principal one first."""
        return {format: dict(files) for format, _, files in self._written}

    def __getitem__(self, format: str) -> bytes:
        """The principal file of a format."""
        for written, _, files in self._written:
            if written == format:
                return files[0][1]
        raise KeyError(format)

    @cached_property
    def diagnostics(self) -> list[Diagnostic]:
        """What was noticed on reading and writing; of very many the gravest."""
        return diagnostics(self._native.document.name, self._native.findings())

    @property
    def losses(self) -> list[Diagnostic]:
        """What a target can't express."""
        return [one for one in self.diagnostics if one.severity == "loss"]

    @property
    def inferences(self) -> list[Inference]:
        """Everything that was decided and that the source doesn't say."""
        return self.document.inferences

    @property
    def proof(self) -> Proof:
        """What was compared, to prove that nothing was lost."""
        codes = {one.code for one in self.document.diagnostics}
        characters = self.document.characters
        unknown = characters is None or "text.not-proven" in codes
        source = None if unknown else "text.not-conserved" not in codes
        return Proof(characters, source, {format: conserved for format, conserved, _ in self._written})

    def save(self, folder: Path_) -> list[Path]:
        """Writes all files into a folder, which is made if it isn't there; says where they are."""
        paths = []
        for name, data in self.outputs.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            paths.append(path)
        return paths

    def __repr__(self) -> str:
        return f"<apograph.Conversion {self._native.document.name!r} → {', '.join(self.formats)}>"


class Converter:
    """A way from sources to outputs, with options that are settled once. May be used by many threads at a time.

    :param from_: the format of the sources, if content and name don't tell (``formats()`` lists them)
    :param enrich: which passes say more about a text, on TEI too (``passes()`` lists them); default all, on TEI none
    :param metadata: fields of the metadata, which win over the text's own, or a TOML or YAML file of them
    :param validate: whether outputs are checked against the schema of their format
    :param prove: whether the text of source, document and outputs is compared
    :param strict: whether losses and warnings raise, too
    :param profile: how transcripts are written: a profile's name, or a TOML file
    :param tei_profile: the flavour in which TEI is written: a name, or a TOML file
    :param xinclude: whether TEI's inclusions of files in the source's folder are resolved
    :param notes: where an EPUB's notes stand: ``popup``, ``chapter`` or ``book``
    :param toc_depth: how many levels an EPUB's contents have
    :param theme: how an EPUB looks: ``documents``, ``book`` or ``clear``
    :param css: a style sheet for EPUBs
    :param cover: an image, or ``"none"``
    :param fonts: fonts that are embedded in EPUBs
    :param authorities: files (TEI, CSV or JSON) of persons, places, organisations and terms that are to be marked
    :param max_document: the largest source that is taken, in MiB
    """

    def __init__(
        self,
        *,
        from_: str | None = None,
        enrich: Iterable[str] | None = None,
        metadata: dict[str, Any] | Path_ | None = None,
        validate: bool = True,
        prove: bool = True,
        strict: bool = False,
        profile: str | None = None,
        tei_profile: str | None = None,
        xinclude: bool = True,
        notes: str | None = None,
        toc_depth: int | None = None,
        theme: str | None = None,
        css: Path_ | None = None,
        cover: Path_ | None = None,
        fonts: Iterable[Path_] = (),
        authorities: Iterable[Path_] = (),
        max_document: int = 128,
    ) -> None:
        values, files = (metadata, []) if isinstance(metadata, dict) else (None, [metadata] if metadata else [])
        options: dict[str, Any] = {
            "profile": profile,
            "tei_profile": tei_profile,
            "xinclude": xinclude,
            "notes": notes,
            "toc_depth": toc_depth,
            "theme": theme,
            "css": os.fspath(css) if css is not None else None,
            "cover": os.fspath(cover) if cover is not None else None,
            "fonts": [os.fspath(font) for font in fonts],
            "authorities": [os.fspath(file) for file in authorities],
            "build_time": _build_time(),
        }
        if isinstance(enrich, str):
            enrich = [enrich]
        self._strict = strict
        self._native = _native.Converter(
            from_,
            list(enrich) if enrich is not None else None,
            validate,
            prove,
            max_document,
            json.dumps(values, default=str) if values is not None else None,
            [os.fspath(file) for file in files],
            json.dumps(options),
        )

    def read(self, source: Source, *, name: str | None = None) -> Document:
        """Reads a document; see :func:`apograph.read`."""
        data, name = _source(source, name)
        return Document(self._native.read(data, name))

    def convert(self, source: Source | Document, to: str | Iterable[str], *, name: str | None = None) -> Conversion:
        """Converts a document; see :func:`apograph.convert`."""
        if isinstance(source, Document):
            return self.write(source, to)
        data, name = _source(source, name)
        return self._checked(Conversion(self._native.convert(data, name, _targets(to))))

    def write(self, document: Document, to: str | Iterable[str]) -> Conversion:
        """Writes a document that was read before."""
        return self._checked(Conversion(self._native.write(document._native, _targets(to))))

    def documents(self, path: Path_) -> Iterator[Document]:
        """The documents of a file that may hold many; see :func:`apograph.documents`."""
        return map(Document, self._native.documents(os.fspath(path)))

    def _checked(self, conversion: Conversion) -> Conversion:
        if not conversion._native.is_clear_of("loss" if self._strict else "error"):
            raise ConversionError.of(conversion.diagnostics, conversion)
        return conversion


def _build_time() -> int | None:
    said = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    try:
        return int(said) if said else None
    except ValueError:
        raise UsageError(f"`SOURCE_DATE_EPOCH` is `{said}`, which is no number of seconds since 1970") from None


def _source(source: Source, name: str | None) -> tuple[bytes | str, str | None]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source), name
    if isinstance(source, str) and "\n" in source:
        raise UsageError("a str is the path of a file; give text as bytes: `text.encode()`")
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source), name
    read = getattr(source, "read", None)
    if read is None:
        raise TypeError(f"bytes, a path or an open file was expected, not {type(source).__name__}")
    data = read()
    if not isinstance(data, bytes):
        raise TypeError("a file must be open for reading bytes: `open(path, 'rb')`")
    named = getattr(source, "name", None)
    return data, name or (named if isinstance(named, str) else None)


def _targets(to: str | Iterable[str]) -> list[str]:
    return [to] if isinstance(to, str) else list(to)


_usual: dict[str | None, Converter] = {}


def _converter(options: Options) -> Converter:
    if options:
        return Converter(**options)
    moment = os.environ.get("SOURCE_DATE_EPOCH")
    if moment not in _usual:
        _usual.clear()
        _usual[moment] = Converter()
    return _usual[moment]


def convert(
    source: Source | Document, to: str | Iterable[str], *, name: str | None = None, **options: Unpack[Options]
) -> Conversion:
    """Reads a source once and writes it to one format or several.

    ``source`` is bytes, the path of a file (``str`` or ``Path``), an open file, or a :class:`Document`. ``name`` is
    what messages call it; its extension may tell the format. Options are those of :class:`Converter`. Other threads
    go on meanwhile.

    :raises ConversionError: if the source can't be read, or an output is not what was asked for: not valid, or
        without some of the text; with ``strict`` also if something was lost or looked wrong
    :raises UsageError: if there is no such format or option
    :raises OSError: if a file can't be read

    >>> import apograph
    >>> made = apograph.convert(b"A Note\\n\\nDear Ada,\\n\\nCome soon.\\n", to=["tei", "markdown"], name="note.txt")
    >>> sorted(made.outputs)
    ['note.md', 'note.xml']
    >>> made.proof.holds
    True
    """
    return _converter(options).convert(source, to, name=name)


def read(source: Source, *, name: str | None = None, **options: Unpack[Options]) -> Document:
    """Reads and enriches one document, as :func:`convert` does.

    :raises ConversionError: if nothing can be made of it
    """
    return _converter(options).read(source, name=name)


def documents(path: Path_, **options: Unpack[Options]) -> Iterator[Document]:
    """The documents of a file that may hold many (a TEI corpus, a transcript of several), one after the other.

    What is held at a time is one document, never the file, however large it is. A file that holds one document
    gives that; the header of a TEI corpus comes last, as a document without text. A document that can't be read raises when its turn comes; the next one may still be asked for.
    """
    return _converter(options).documents(path)
