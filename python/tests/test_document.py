"""The document as Python objects and as JSON."""

import json
from pathlib import Path

import apograph
import pytest


@pytest.fixture
def document(cable: Path) -> apograph.Document:
    return apograph.read(cable)


def test_notes_are_objects(document: apograph.Document) -> None:
    assert [note.label for note in document.notes] == [str(number) for number in range(1, 17)]
    source, *others = document.notes
    assert source.kind == "source" and source.text.startswith("Source: Lake Archive")
    assert source.place == "foot" and source.id == "d47fn1"
    assert others[0].inference and others[0].inference.rule.startswith("marker.")


def test_pages_dates_names_and_references_are_objects(document: apograph.Document) -> None:
    assert [page.label for page in document.pages] == ["83", "84", "85"]
    assert [page.inside_word for page in document.pages] == [True, False, True]
    assert document.dates[0].when == "1931-05-04T15:00:00+00:00" and document.dates[0].span is None
    assert ("place", "Port Vale") in [(name.kind, name.text) for name in document.names]
    assert any("#d44" in reference.targets for reference in document.references)


def test_blocks_hold_blocks(document: apograph.Document) -> None:
    (division,) = document.blocks
    assert isinstance(division, apograph.Division) and (division.kind, division.number) == ("document", "47")
    assert division.heading and division.heading.text.startswith("47. Telegram From")
    assert [child.type for child in division.children][:3] == ["heading", "formula", "paragraph"]
    paragraph = next(node for node in division.walk() if node.type == "paragraph" and "such winter" in node.text)
    assert "Harbour" not in paragraph.text.splitlines()[0][:5]
    assert repr(document.notes[0]).startswith("<Note note ")


def test_the_text_is_whole_and_has_no_notes(document: apograph.Document) -> None:
    assert "lost money on every one of them. The town would not pay for a second such winter" in document.text
    assert "Source: Lake Archive" not in document.text
    words = "".join("".join(node.text.split()) for node in document.walk() if node.type == "text")
    assert len(words) == document.characters


def test_inferences_say_where_and_why(document: apograph.Document) -> None:
    first = document.inferences[0]
    assert (first.rule, first.certainty, first.line) == ("marker.sequence", "high", 1)
    assert first.column and "note 1 behind" in first.what and first.because
    assert document.counts == {
        "notes": 16,
        "pages": 3,
        "doubts": sum(one.certainty == "low" for one in document.inferences),
    }


def test_json_is_whole(document: apograph.Document) -> None:
    text = document.to_json()
    assert json.loads(text)["format"] == "apograph"
    again = apograph.Document.from_json(text)
    assert again.to_dict() == document.to_dict()
    assert again.to_json() == text
    assert again.write("tei")["tei"] == document.write("tei")["tei"]


def test_json_may_be_changed_in_between(document: apograph.Document) -> None:
    envelope = json.loads(document.to_json())
    envelope["document"]["metadata"]["title"]["main"] = "Another Title"
    again = apograph.Document.from_json(json.dumps(envelope))
    assert again.title == "Another Title" and again.metadata["title"] == {"main": "Another Title"}
    assert apograph.convert(again, to="markdown").document.title == "Another Title"


def test_every_node_of_every_kind_can_be_walked(tmp_path: Path) -> None:
    markdown = (
        "# Part\n\n- one\n- two[^1]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n\n```python\nx = 1\n```\n\n"
        "*so* `it` [goes](https://example.org/)\n\n<!-- aside -->\n\n[^1]: A note.\n"
    )
    document = apograph.read(markdown.encode(), name="part.md")
    kinds = {node.type for node in document.walk()}
    assert {"list", "item", "table", "row", "cell", "quotation", "verbatim", "styled", "reference", "note"} <= kinds
    assert "x = 1" in document.text and "A note." not in document.text
    for node in document.walk():
        assert isinstance(node.text, str) and isinstance(node.attributes, dict)
