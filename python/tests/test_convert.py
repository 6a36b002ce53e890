"""What comes out is what the binary writes, and is proven."""

import doctest
import importlib
import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import apograph
import pytest

BINARY = os.environ.get("APOGRAPH")
TEXT = b"A Note\n\nDear Ada,\n\nCome soon.\n"


def test_one_source_becomes_several_formats(cable: Path, tmp_path: Path) -> None:
    made = apograph.convert(cable, to=["tei", "epub", "markdown"])
    assert sorted(made.outputs) == ["cable.epub", "cable.md", "cable.xml"]
    assert made.formats == ["tei", "epub", "markdown"]
    assert made["tei"].startswith(b"<?xml")
    assert zipfile.ZipFile(io.BytesIO(made["epub"])).namelist()[0] == "mimetype"
    assert {path.name for path in made.save(tmp_path / "out")} == set(made.outputs)
    assert (tmp_path / "out" / "cable.xml").read_bytes() == made["tei"]
    with pytest.raises(KeyError):
        made["pdf"]


def test_the_proof_says_what_was_compared(cable: Path) -> None:
    proof = apograph.convert(cable, to=["tei", "epub"]).proof
    assert proof.source is True and proof.outputs == {"tei": True, "epub": True}
    assert proof.characters and proof.characters > 5000
    assert proof.holds
    unproven = apograph.convert(cable, to="tei", prove=False).proof
    assert (unproven.characters, unproven.source, unproven.holds) == (None, None, False)


@pytest.mark.skipif(not BINARY, reason="APOGRAPH names no binary")
def test_the_bytes_are_those_of_the_binary(cable: Path, tmp_path: Path) -> None:
    # Without the metadata file of its folder, which only the command line looks for.
    alone = tmp_path / "cable.txt"
    shutil.copy(cable, alone)
    # And without the pass that looks at the other files of a run: here is none.
    passes = ["correspondence", "source", "dates"]
    binary = [str(BINARY), "convert", "--enrich", ",".join(passes)]
    subprocess.run([*binary, "cable.txt", "--to", "tei,epub,markdown,json", "-o", "out"], cwd=tmp_path, check=True)
    made = apograph.convert(
        alone.read_bytes(), to=["tei", "epub", "markdown", "json"], name="cable.txt", enrich=passes
    )
    for name, data in made.outputs.items():
        assert data == (tmp_path / "out" / name).read_bytes(), name
    subprocess.run([*binary, str(cable), "--to", "epub", "-o", "beside"], cwd=tmp_path, check=True)
    beside = apograph.convert(cable, to="epub", metadata=cable.with_name("apograph.toml"), enrich=passes)
    assert beside["epub"] == (tmp_path / "beside" / "cable.epub").read_bytes()


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview, io.BytesIO])
def test_data_may_come_in_many_ways(wrap: type) -> None:
    assert apograph.convert(wrap(TEXT), to="markdown")["markdown"] == apograph.convert(TEXT, to="markdown")["markdown"]


def test_an_open_file_brings_its_name(cable: Path) -> None:
    with cable.open("rb") as file:
        assert list(apograph.convert(file, to="tei").outputs) == ["cable.xml"]
    with cable.open() as text, pytest.raises(TypeError, match="bytes"):
        apograph.convert(text, to="tei")  # type: ignore[arg-type]


def test_options_reach_readers_and_writers(cable: Path) -> None:
    plain = apograph.convert(cable, to=["tei", "epub"])
    told = apograph.convert(
        cable,
        to=["tei", "epub"],
        metadata={"title": "The Ferry Cable", "authors": ["J. Moor"]},
        tei_profile="frus",
        notes="book",
        theme="book",
        cover="none",
        enrich=["dates"],
    )
    assert told.document.title == "The Ferry Cable"
    assert told.document.metadata["agents"] == [{"name": "J. Moor", "role": "aut"}]
    assert b"frus" in told["tei"] and b"frus" not in plain["tei"]
    assert len(told["epub"]) < len(plain["epub"])
    assert not told.document.references and plain.document.references


def test_a_font_or_style_that_is_none_is_refused(tmp_path: Path) -> None:
    font = tmp_path / "font.otf"
    font.write_bytes(b"no font")
    with pytest.raises(apograph.UsageError):
        apograph.Converter(fonts=[font])
    with pytest.raises(FileNotFoundError):
        apograph.Converter(css=tmp_path / "none.css")


def test_the_time_of_a_build_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = apograph.convert(TEXT, to="epub")["epub"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1714564800")
    assert apograph.convert(TEXT, to="epub")["epub"] != usual
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(apograph.UsageError, match="yesterday"):
        apograph.convert(TEXT, to="epub")


def test_losses_are_told_and_raise_when_strict(invent) -> None:  # type: ignore[no-untyped-def]
    number = next(n for n in range(1, 50) if b"See Document" in invent.transcript(n).encode())
    text = invent.transcript(number).encode()
    made = apograph.convert(text, to="epub", name="d.txt")
    assert {one.code for one in made.losses} == {"reference.dangling"}
    with pytest.raises(apograph.ConversionError) as caught:
        apograph.convert(text, to="epub", name="d.txt", strict=True)
    assert caught.value.conversion is not None and caught.value.conversion["epub"] == made["epub"]
    assert caught.value.code == "reference.dangling"


def test_the_examples_of_the_documentation_are_true() -> None:
    tried = doctest.testmod(importlib.import_module("apograph._convert"))
    assert tried.attempted and not tried.failed


def test_formats_and_passes_are_listed() -> None:
    formats = {format.name: format for format in apograph.formats()}
    assert formats["transcript"].reads and not formats["transcript"].writes
    assert formats["epub"].archive and formats["epub"].extensions == ("epub",)
    assert "dates" in apograph.passes()
    assert apograph.__version__


def test_an_authority_file_marks_names(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("id,name,kind,uri\np1,\"Winter, Ada\",person,https://example.org/ada\n", encoding="utf-8")
    text = b"A Note\n\nAda Winter came by the morning boat.\n"
    assert not apograph.read(text).names
    (name,) = apograph.read(text, authorities=[people]).names
    assert (name.text, name.kind) == ("Ada Winter", "person") and name.target
    people.write_text("id,name\n", encoding="utf-8")
    with pytest.raises(apograph.UsageError, match="people.csv"):
        apograph.Converter(authorities=[people])


def test_what_an_editor_decided_beside_the_source_is_honoured(cable: Path, tmp_path: Path) -> None:
    source = tmp_path / "cable.txt"
    source.write_bytes(cable.read_bytes())
    (tmp_path / "cable.decisions.toml").write_text(
        "version = 1\n[[decision]]\nkind = 'date'\nverdict = 'correct'\nvalue = '1930-01-02'\n"
        "at = { before = 'our letter of ', quote = 'April 19' }\n",
        encoding="utf-8",
    )
    made = apograph.convert(source, to="tei")
    assert any(it.code == "decision.applied" for it in made.diagnostics)
    assert b'when="1930-01-02"' in made.outputs["cable.xml"]
