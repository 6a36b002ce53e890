"""The document as Python objects: views of its JSON (``schemas/document.schema.json``), made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Inference:
    """Something that was decided and that the source doesn't say."""

    rule: str
    """The rule, in words with dots: ``marker.sequence``."""
    certainty: str
    """How sure it is: ``low``, ``medium`` or ``high``."""
    because: str
    """Why, in one sentence."""
    what: str = ""
    """What was decided: ``“December 4” is 1978-12-04``; empty on a node, which says it itself."""
    line: int | None = None
    """The line in the source, from 1, of the place itself or of the block that it stands in."""
    column: int | None = None
    """The column in characters, from 1, where the place itself is known."""
    id: str | None = None
    """The id of the node that it is about."""


class Node:
    """A part of a document: a block (on lines of its own) or an inline (in a line)."""

    __slots__ = ("data", "type")

    type: str
    """What it is: ``paragraph``, ``heading``, ``note``, ``date``, … (the names of the JSON)."""
    data: Json
    """All that is known of it, as the JSON has it."""

    def __init__(self, type: str, data: Json) -> None:
        self.type = type
        self.data = data

    @property
    def id(self) -> str | None:
        """Its identifier, unique in the document."""
        return self._tag.get("id")

    @property
    def language(self) -> str | None:
        """The language of its text, if it says so itself: a BCP 47 tag."""
        return self._tag.get("language")

    @property
    def attributes(self) -> dict[str, str]:
        """What it carries beyond its fields, as TEI's attributes."""
        return {_name(one["name"]): one["value"] for one in self._tag.get("attributes", ())}

    @property
    def inference(self) -> Inference | None:
        """By which rule it was inferred; ``None`` if the source says it."""
        said = self._tag.get("inference")
        return Inference(said["rule"], said["certainty"], said["because"]) if said else None

    @property
    def children(self) -> list[Node]:
        """The parts of it, in the order of the text."""
        return list(_children(self.type, self.data))

    @property
    def text(self) -> str:
        """Its words, without those of its notes; blocks stand on lines of their own."""
        return text_of([self])

    def walk(self) -> Iterator[Node]:
        """The node and all that is within it, in the order of the text."""
        return walk([self])

    def get(self, field: str, default: Any = None) -> Any:
        """A field of the JSON."""
        return self.data.get(field, default)

    def _said(self, field: str) -> str | None:
        said = self.data.get(field)
        return None if said is None else str(said)

    @property
    def _tag(self) -> Json:
        tag: Json = self.data.get("tag", {})
        return tag

    def __repr__(self) -> str:
        text = " ".join(self.text.split())
        return f"<{type(self).__name__} {self.type} {text[:40] + '…' if len(text) > 40 else text!r}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and (self.type, self.data) == (other.type, other.data)

    __hash__ = None  # type: ignore[assignment]


class Block(Node):
    """A part that stands on its own lines."""

    __slots__ = ()


class Inline(Node):
    """A part that stands in a line."""

    __slots__ = ()


class Division(Block):
    """A part with a heading: a document of a volume, a chapter."""

    __slots__ = ()

    @property
    def kind(self) -> str | None:
        """What sort: ``document``, ``chapter``, …"""
        return self._said("kind")

    @property
    def number(self) -> str | None:
        """Its number as printed."""
        return self._said("number")

    @property
    def heading(self) -> Block | None:
        """The first heading in it."""
        return next((child for child in self.children if isinstance(child, Block) and child.type == "heading"), None)


class Note(Node):
    """A note, with its whole body, where it is called."""

    __slots__ = ()

    @property
    def label(self) -> str | None:
        """The marker as printed: ``12``, ``*``."""
        return self._said("label")

    @property
    def kind(self) -> str:
        """Whose or what about: ``editorial``, ``source``, ``summary``, ``original``, …"""
        return _word(self.get("kind", "editorial"))

    @property
    def place(self) -> str:
        """Where it is printed: ``foot``, ``end``, ``margin``, ``inline``, ``unknown``, …"""
        return _word(self.get("place", "unknown"))


class Page(Node):
    """The point at which a page begins."""

    __slots__ = ()

    @property
    def label(self) -> str | None:
        """The page's number as printed."""
        return self._said("label")

    @property
    def inside_word(self) -> bool:
        """True if a word goes on across it."""
        return bool(self.get("inside_word", False))


class Date(Inline):
    """A date or time, with what it means."""

    __slots__ = ()

    @property
    def when(self) -> str | None:
        """The moment (ISO 8601, as exact as it is known), if it is one."""
        said = self.get("when", {}).get("on")
        return said if isinstance(said, str) else None

    @property
    def span(self) -> tuple[str | None, str | None] | None:
        """The first and last moment, if it lasts, or lies between them."""
        said: Json = self.get("when", {})
        ends = said.get("between") or said.get("within")
        return (ends[0], ends[1]) if ends else None


class Name(Inline):
    """A name."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        """Of what: ``person``, ``place``, ``organisation``, ``other``."""
        return str(self.get("kind", "other"))

    @property
    def role(self) -> str | None:
        """What part it has here: ``from``, ``to``."""
        return self._said("role")

    @property
    def target(self) -> str | None:
        """What it is the name of: ``#id`` or a URI."""
        return _target(self.get("target"))


class Reference(Inline):
    """A reference."""

    __slots__ = ()

    @property
    def targets(self) -> list[str]:
        """What it points to: ``#id`` within the document, else URI references."""
        return [target for one in self.get("targets", ()) if (target := _target(one)) is not None]


_CLASSES: dict[str, type[Node]] = {
    "division": Division,
    "note": Note,
    "date": Date,
    "name": Name,
    "reference": Reference,
}
_INLINES = frozenset(
    ("text", "styled", "name", "date", "term", "reference", "edit", "choice", "graphic", "foreign_inline")
)


def nodes(parts: list[Any], inline: bool = False) -> Iterator[Node]:
    """The nodes of a list of blocks or inlines of the JSON."""
    for part in parts:
        yield from _node(part, inline)


def _node(part: Json, inline: bool) -> Iterator[Node]:
    ((kind, data),) = part.items()
    if kind == "nested":
        yield from _node(data, False)
    elif kind == "text":
        yield Inline("text", {"text": data})
    elif kind == "milestone":
        page = data.get("unit") == "page"
        yield Page("page", data) if page else Node("milestone", data)
    elif kind == "foreign":
        # An element without a name in the model, a comment, or a processing instruction.
        ((form, inner),) = data.items()
        inner = inner if isinstance(inner, dict) else {"text": inner}
        yield (Inline if inline else Block)(form, inner)
    else:
        yield _CLASSES.get(kind, Inline if kind in _INLINES else Block)(kind, data)


def _children(kind: str, data: Json) -> Iterator[Node]:
    yield from nodes(data.get("before", ()))
    if label := data.get("label") if kind == "item" else None:
        yield Block("heading", label)
    for field in ("item", "row", "cell"):
        for part in data.get(f"{field}s", ()) if isinstance(data.get(f"{field}s"), list) else ():
            yield Block(field, part)
    inline = kind in _INLINES or kind in ("heading", "paragraph", "line")
    yield from nodes(data.get("content", ()), inline)
    yield from nodes(data.get("body", ()))
    yield from nodes(data.get("after", ()))


def walk(roots: list[Node]) -> Iterator[Node]:
    """Nodes and all that is within them, in the order of the text."""
    waiting = roots[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def text_of(roots: list[Node]) -> str:
    """The words of some nodes, without those of notes."""
    out: list[str] = []
    for root in roots:
        _gather(root, out, True)
    return "".join(out).strip("\n")


def _gather(node: Node, out: list[str], root: bool) -> None:
    if node.type == "note" and not root:
        return
    if node.type in ("text", "verbatim"):
        out.append(node.data["text"])
    elif node.type == "milestone" and node.get("unit") == "line" and not node.get("inside_word"):
        out.append("\n")
    elif node.type not in ("comment", "instruction"):
        for child in node.children:
            _gather(child, out, False)
    if isinstance(node, Block) and out and not out[-1].endswith("\n"):
        out.append("\n")


def _word(said: Any) -> str:
    return said if isinstance(said, str) else str(said["other"])


def _target(said: Json | None) -> str | None:
    if not said:
        return None
    return f"#{said['here']}" if "here" in said else str(said["elsewhere"])


def _name(name: Json) -> str:
    namespace = name.get("namespace")
    return f"{namespace['prefix']}:{name['local']}" if namespace else str(name["local"])
