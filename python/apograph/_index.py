"""What many documents say together."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import _native
from ._convert import Converter, Options, Source
from ._document import Document
from ._errors import ApographError

if TYPE_CHECKING:
    from typing_extensions import Unpack


@dataclass(frozen=True)
class Correspondent:
    """A person or office that sent or received a document."""

    name: str
    """The words of the source."""
    uri: str | None = None
    """An authority's URI, or the id of an entry in a list of persons."""


@dataclass(frozen=True)
class Entry:
    """One document of an edition."""

    file: str
    """The file it was read from."""
    id: str | None
    """Its id within the file."""
    number: str | None
    """Its number as printed."""
    title: str
    """What it is called, without number and note markers."""
    from_: str | None
    """When it was written (ISO 8601, as exact as it is known), or the first day of that."""
    to: str | None
    """The last day, if there are several."""
    senders: tuple[Correspondent, ...]
    """Who sent it, as printed."""
    addressees: tuple[Correspondent, ...]
    """To whom."""
    place: str | None
    """Where it was written, as printed."""
    repository: str | None
    """Where the original is kept."""
    notes: int
    """How many notes it has."""
    words: int
    """How many words its text has, without those of the notes."""
    references: tuple[str, ...]
    """What it refers to: ids within its own file (``#d9``), else URI references."""

    @property
    def date(self) -> datetime.date | None:
        """The day it was written, if the day is known and Python has it (years 1 to 9999)."""
        try:
            return datetime.date.fromisoformat((self.from_ or "")[:10])
        except ValueError:
            return None

    def row(self) -> dict[str, Any]:
        """The entry as a row of a table: names parted by ``; ``."""
        return {
            "file": self.file,
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "from": self.from_,
            "to": self.to,
            "sender": "; ".join(one.name for one in self.senders),
            "addressee": "; ".join(one.name for one in self.addressees),
            "place": self.place,
            "repository": self.repository,
            "notes": self.notes,
            "words": self.words,
        }


class Index:
    """The entries of many documents, and tables, graphs and lists of letters that are made of them.

    ``pandas.DataFrame(index.rows())`` is a table of the edition.
    """

    def __init__(self) -> None:
        self._native = _native.Index()

    def add(self, document: Document) -> None:
        """Adds a document: an entry for each division that is a document, or one for the whole."""
        self._native.add(document._native)
        self.__dict__.pop("entries", None)

    @cached_property
    def entries(self) -> list[Entry]:
        """One entry for each document."""
        return [_entry(one) for one in json.loads(self._native.json())]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def rows(self) -> list[dict[str, Any]]:
        """All entries as rows of a table, with the columns of the CSV."""
        return [entry.row() for entry in self.entries]

    def to_csv(self) -> str:
        """The table as CSV, as ``apograph index --to csv`` writes it."""
        return self._native.csv().decode()

    def to_json(self) -> str:
        """All that is known of all entries, as JSON."""
        return self._native.table().decode()

    def to_graph(self) -> dict[str, Any]:
        """Who cites whom: nodes, edges, and what leads nowhere."""
        graph: dict[str, Any] = json.loads(self._native.graph())
        return graph

    def to_graphml(self) -> str:
        """Who cites whom, as GraphML."""
        return self._native.graphml().decode()

    def to_cmif(self, *, url: str | None = None, **metadata: Any) -> str:
        """Who wrote to whom, when and from where, in the Correspondence Metadata Interchange Format.

        ``metadata`` are those of the edition (``title="Letters"``, ``licence="https://…"``), ``url`` is where the
        file will be found.
        """
        return self._native.cmif(json.dumps(metadata, default=str), url).decode()


def index(
    sources: Iterable[Source | Document] | Source | Document,
    *,
    on_error: Callable[[ApographError], None] | None = None,
    **options: Unpack[Options],
) -> Index:
    """Puts together what many documents are, who wrote them to whom, and what they cite.

    A path may be that of a file of many documents. A document that can't be read raises, unless ``on_error`` takes
    the exception. Texts are not compared, since none is written.
    """
    one = isinstance(sources, (str, bytes, bytearray, memoryview, os.PathLike, Document)) or hasattr(sources, "read")
    several: Iterable[Any] = [sources] if one else sources  # type: ignore[assignment]
    settled: Options = {"prove": False, "validate": False}
    settled.update(options)
    converter = Converter(**settled)
    made = Index()
    for source in several:
        try:
            made.add(source if isinstance(source, Document) else converter.read(source))
        except ApographError as error:
            if on_error is None:
                raise
            on_error(error)
    return made


def _entry(said: dict[str, Any]) -> Entry:
    def people(role: str) -> tuple[Correspondent, ...]:
        return tuple(Correspondent(**one) for one in said[role])

    return Entry(
        file=said["file"],
        id=said["id"],
        number=said["number"],
        title=said["title"],
        from_=said["from"],
        to=said["to"],
        senders=people("senders"),
        addressees=people("addressees"),
        place=said["place"],
        repository=said["repository"],
        notes=said["notes"],
        words=said["words"],
        references=tuple(said["references"]),
    )
