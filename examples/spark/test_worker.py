"""A worker's work, without a cluster."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import apograph
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import worker  # noqa: E402

TEXT = b"A Note\n\nDear Ada,\n\nCome soon.\n"


def convert(settings: worker.Settings, name: str = "a.txt", content: bytes = TEXT, **said: Any) -> dict[str, Any]:
    return worker.convert_one(apograph, said.pop("by", apograph.convert), settings, name, content, **said)


@pytest.fixture
def settings(tmp_path: Path) -> worker.Settings:
    return worker.Settings(("tei",), str(tmp_path))


def test_the_key_is_of_content_options_and_program(settings: worker.Settings) -> None:
    one = worker.key("1", settings, b"x")
    others = [
        worker.key("2", settings, b"x"),
        worker.key("1", settings, b"y"),
        worker.key("1", worker.Settings(("tei",), settings.out, {"notes": "book"}), b"x"),
        worker.key("1", worker.Settings(("epub",), settings.out), b"x"),
    ]
    assert len({one, *others}) == 5


def test_an_output_that_is_gone_is_made_again(settings: worker.Settings) -> None:
    assert convert(settings)["status"] == "converted"
    assert convert(settings)["status"] == "unchanged"
    Path(settings.out, "a.xml").unlink()
    assert convert(settings)["status"] == "converted"
    assert not list(Path(settings.out).rglob("*.part"))


def test_a_document_that_kills_its_worker_is_passed_over(settings: worker.Settings) -> None:
    def lethal(*_: Any, **__: Any) -> None:
        os._exit(9)

    # The first time nobody knows whose fault it is; then each document is noted before it is begun.
    for retried in (False, True):
        if (child := os.fork()) == 0:
            convert(settings, by=lethal, retried=retried)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    row = convert(settings, by=lethal, retried=True)
    assert (row["status"], row["code"]) == ("failed", "worker.killed")
    assert convert(settings, name="b.txt", retried=True)["status"] == "converted"
    # A later run tries it again.
    assert convert(settings)["status"] == "converted"


def test_what_was_made_of_a_failed_document_is_kept(tmp_path: Path) -> None:
    strict = worker.Settings(("tei", "epub"), str(tmp_path))

    def refuse(content: bytes, to: Any, name: str) -> Any:
        made = apograph.convert(content, to, name=name)
        raise apograph.ConversionError.of([apograph.Diagnostic("error", "x.y", "so", name, 3, 1)], made)

    row = convert(strict, by=refuse)
    assert (row["status"], row["code"], row["line"], len(row["outputs"])) == ("failed", "x.y", 3, 2)
    assert Path(tmp_path, "a.epub").is_file()


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "", "x/../../a.txt", "a\0.txt", ".apograph-spark/a.txt"])
def test_names_that_lead_elsewhere_are_refused(settings: worker.Settings, name: str) -> None:
    assert convert(settings, name)["code"] == "name.unfit"
    assert not list(Path(settings.out).iterdir())
