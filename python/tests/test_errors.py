"""What goes wrong says where."""

import pickle
from pathlib import Path

import apograph
import pytest

BROKEN = b'<?xml version="1.0"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n  <p>x</q>\n</TEI>\n'


def test_an_exception_says_file_line_column_and_code() -> None:
    with pytest.raises(apograph.ConversionError) as caught:
        apograph.convert(BROKEN, to="markdown", name="broken.xml")
    error = caught.value
    assert (error.file, error.line, error.code) == ("broken.xml", 3, "failure.not-well-formed")
    assert error.column and error.diagnostics and error.conversion is None
    assert str(error).startswith("broken.xml:3:")


def test_an_exception_crosses_processes() -> None:
    with pytest.raises(apograph.ConversionError) as caught:
        apograph.read(BROKEN, name="broken.xml")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value) and again.line == 3


@pytest.mark.parametrize("asked", [
    {"to": "pdf"},
    {"to": []},
    {"to": "tei", "from_": "word"},
    {"to": "tei", "enrich": ["guess"]},
    {"to": "tei", "theme": "loud"},
    {"to": "tei", "tei_profile": "none-such"},
])  # fmt: skip
def test_wrong_use_is_told(asked: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(apograph.UsageError) as caught:
        apograph.convert(b"text", **asked)
    assert isinstance(caught.value, ValueError) and str(caught.value)


def test_an_option_that_is_none_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        apograph.convert(b"text", to="tei", colour="red")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        apograph.convert(3, to="tei")  # type: ignore[arg-type]


def test_files_fail_as_files_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        apograph.convert(tmp_path / "none.txt", to="tei")
    assert caught.value.filename == str(tmp_path / "none.txt")
    with pytest.raises(IsADirectoryError):
        apograph.read(tmp_path)
    with pytest.raises(apograph.UsageError, match="encode"):
        apograph.read("A letter\nin two lines")


def test_a_large_document_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"word " * 300_000)
    with pytest.raises(apograph.UsageError, match="max_document"):
        apograph.read(large, max_document=1)


def test_bytes_that_are_no_text_raise() -> None:
    with pytest.raises(apograph.ConversionError) as caught:
        apograph.convert(b"PK\x03\x04 and no archive", to="tei", name="book.epub")
    assert caught.value.code == "failure.archive"


def test_deep_nesting_is_refused_and_not_fatal() -> None:
    deep = b'<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>' + b"<div>" * 100_000
    with pytest.raises(apograph.ConversionError) as caught:
        apograph.read(deep, name="deep.xml")
    assert caught.value.code == "failure.limit"
