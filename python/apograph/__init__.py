"""Converts historical and documentary texts into TEI XML, EPUB and Markdown, and proves that nothing was lost.

>>> import apograph
>>> made = apograph.convert("cable.txt", to=["tei", "epub"])    # doctest: +SKIP
>>> made.save("out")                                            # doctest: +SKIP
>>> made.document.notes[0].text                                 # doctest: +SKIP
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import version

from . import _native
from ._convert import Conversion, Converter, Options, Proof, Source, convert, documents, read
from ._document import Document
from ._errors import ApographError, ConversionError, Diagnostic, UsageError
from ._index import Correspondent, Entry, Index, index
from ._model import Block, Date, Division, Inference, Inline, Name, Node, Note, Page, Reference
from ._validate import Validation, validate

__version__ = version("apograph")

__all__ = [
    "ApographError",
    "Block",
    "Conversion",
    "ConversionError",
    "Converter",
    "Correspondent",
    "Date",
    "Diagnostic",
    "Division",
    "Document",
    "Entry",
    "Format",
    "Index",
    "Inference",
    "Inline",
    "Name",
    "Node",
    "Note",
    "Options",
    "Page",
    "Proof",
    "Reference",
    "Source",
    "UsageError",
    "Validation",
    "__version__",
    "convert",
    "documents",
    "formats",
    "index",
    "passes",
    "read",
    "validate",
]


@dataclass(frozen=True)
class Format:
    """A format that can be read or written."""

    name: str
    """What ``to`` and ``from_`` call it."""
    extensions: tuple[str, ...]
    """File extensions without the dot; what is written gets the first."""
    media_type: str
    """IANA media type."""
    summary: str
    """One line for people."""
    archive: bool
    """True if an output is a zip archive."""
    reads: bool
    """True if there is a reader."""
    writes: bool
    """True if there is a writer."""


def formats() -> list[Format]:
    """The formats that can be read and written."""
    return [
        Format(
            known["name"],
            tuple(known["extensions"]),
            known["media_type"],
            known["summary"],
            known["packaging"] == "archive",
            known["read"],
            known["write"],
        )
        for known in json.loads(_native.formats())
    ]


def passes() -> list[str]:
    """The passes that say more about a text, in the order in which they run."""
    return _native.passes()
