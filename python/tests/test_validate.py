"""Files against schemas."""

from pathlib import Path

import apograph
import pytest

LETTER = b"""<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader><fileDesc><titleStmt><title>A</title></titleStmt>
    <publicationStmt><p>none</p></publicationStmt><sourceDesc><p>none</p></sourceDesc></fileDesc></teiHeader>
  <text><body><p>Dear <persname>Ada</persname>,</p></body></text>
</TEI>
"""


def test_what_is_written_is_valid(cable: Path) -> None:
    for name, data in apograph.convert(cable, to=["tei", "epub", "markdown"]).outputs.items():
        found = apograph.validate(data, name=name)
        assert found and not [one for one in found.diagnostics if one.severity == "error"], found


def test_a_fault_says_where_it_is_and_what_was_meant() -> None:
    found = apograph.validate(LETTER, name="letter.xml")
    assert not found.valid and not found
    fault = found.diagnostics[0]
    assert (fault.code, fault.line, fault.file) == ("element.unknown", 5, "letter.xml")
    assert fault.meant == "persName" and fault.allowed and fault.path == "/TEI/text/body/p/persname"


def test_a_schema_of_ones_own(tmp_path: Path) -> None:
    schema = tmp_path / "note.rng"
    schema.write_text(
        '<element name="note" xmlns="http://relaxng.org/ns/structure/1.0"><text/></element>', encoding="utf-8"
    )
    assert apograph.validate(b"<note>x</note>", schema=schema)
    found = apograph.validate(b"<note><b/></note>", schema=schema)
    assert not found and found.schema == str(schema)
    with pytest.raises(FileNotFoundError):
        apograph.validate(b"<note/>", schema=tmp_path / "none.rng")
    schema.write_text("<element", encoding="utf-8")
    with pytest.raises(apograph.UsageError):
        apograph.validate(b"<note/>", schema=schema)


def test_what_has_no_schema_is_told() -> None:
    with pytest.raises(apograph.UsageError):
        apograph.validate(b"text", format="transcript")
    with pytest.raises(apograph.ConversionError):
        apograph.validate(b"plain text", name="a.txt")
