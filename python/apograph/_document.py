"""A document that was read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from . import _model, _native
from ._errors import Diagnostic, diagnostics
from ._model import Date, Inference, Name, Node, Note, Page, Reference

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._convert import Conversion, Options

N = TypeVar("N", bound=Node)


class Document:
    """A document that was read and enriched: its tree, its metadata, and what was noticed."""

    def __init__(self, native: _native.Document) -> None:
        self._native = native

    @classmethod
    def from_json(cls, text: str | bytes, *, name: str = "document.json") -> Document:
        """The document that :meth:`to_json` wrote; nothing is added to it."""
        from ._convert import Converter

        data = text.encode() if isinstance(text, str) else bytes(text)
        return Converter(from_="json", enrich=[]).read(data, name=name)

    @property
    def name(self) -> str:
        """What the source is called: a path, or ``-``; ``path#3`` for the third document of a file."""
        return self._native.name

    @property
    def format(self) -> str:
        """The format it was read from."""
        return self._native.format

    @property
    def characters(self) -> int | None:
        """How many characters of text it has, white space aside; ``None`` if they were not counted."""
        return self._native.characters

    @cached_property
    def _tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = json.loads(self._native.model())
        return tree

    @property
    def metadata(self) -> dict[str, Any]:
        """What is known about it: title, agents, publication, source, correspondence, … (as the JSON has it)."""
        metadata: dict[str, Any] = self._tree.get("metadata", {})
        return metadata

    @property
    def title(self) -> str:
        """What it is called; empty if nothing says so."""
        return str(self.metadata.get("title", {}).get("main", ""))

    @property
    def front(self) -> list[Node]:
        """What stands before the text proper."""
        return list(_model.nodes(self._tree.get("front", [])))

    @property
    def body(self) -> list[Node]:
        """The text proper."""
        return list(_model.nodes(self._tree.get("body", [])))

    @property
    def back(self) -> list[Node]:
        """What stands after the text proper."""
        return list(_model.nodes(self._tree.get("back", [])))

    @property
    def blocks(self) -> list[Node]:
        """The outermost parts of front, body and back."""
        return [*self.front, *self.body, *self.back]

    def walk(self) -> Iterator[Node]:
        """Every node, in the order of the text, parents before children."""
        return _model.walk(self.blocks)

    def _all(self, of: type[N]) -> list[N]:
        return [node for node in self.walk() if isinstance(node, of)]

    @property
    def notes(self) -> list[Note]:
        """All notes, in the order in which they are called."""
        return self._all(Note)

    @property
    def pages(self) -> list[Page]:
        """All page breaks."""
        return self._all(Page)

    @property
    def dates(self) -> list[Date]:
        """All dates and times."""
        return self._all(Date)

    @property
    def names(self) -> list[Name]:
        """All names."""
        return self._all(Name)

    @property
    def references(self) -> list[Reference]:
        """All references."""
        return self._all(Reference)

    @cached_property
    def inferences(self) -> list[Inference]:
        """Everything that was decided and that the source doesn't say, in the order of the text."""
        return [Inference(**one) for one in json.loads(self._native.inferences())]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Notes, pages and doubts (inferences of low certainty) by number."""
        counts = json.loads(self._native.counts())
        return {key: counts[key] for key in ("notes", "pages", "doubts")}

    @cached_property
    def diagnostics(self) -> list[Diagnostic]:
        """What was noticed on reading; of very many the gravest."""
        return diagnostics(self.name, self._native.findings())

    @property
    def text(self) -> str:
        """Its words, without those of its notes."""
        return _model.text_of(self.blocks)

    def to_dict(self) -> dict[str, Any]:
        """The whole document as JSON has it: ``metadata``, ``front``, ``body``, ``back``, ``resources``, ``frame``."""
        return self._tree

    def to_json(self) -> str:
        """The whole document as JSON, as ``apograph convert --to json`` writes it."""
        from ._convert import Converter

        return Converter().write(self, "json")["json"].decode()

    def write(self, to: str | list[str], **options: Unpack[Options]) -> Conversion:
        """Writes the document to one format or several; options are those of :func:`apograph.convert`."""
        from ._convert import Converter

        return Converter(**options).write(self, to)

    def __repr__(self) -> str:
        return f"<apograph.Document {self.name!r}, {self.format}>"
