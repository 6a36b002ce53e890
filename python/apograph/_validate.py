"""Files against the schema of their format."""

from __future__ import annotations

import os
from dataclasses import dataclass

from . import _native
from ._convert import Path_, Source, _source
from ._errors import Diagnostic, diagnostics


@dataclass(frozen=True)
class Validation:
    """Whether a file follows a schema, and where it doesn't. True if it does."""

    file: str
    """What the file is called."""
    valid: bool
    """True if there is no fault."""
    schema: str
    """The schema that was used."""
    diagnostics: list[Diagnostic]
    """The faults, in the order of the file."""

    def __bool__(self) -> bool:
        return self.valid


def validate(
    source: Source,
    *,
    format: str | None = None,
    schema: Path_ | None = None,
    name: str | None = None,
    strict: bool = False,
) -> Validation:
    """Checks a file against a RELAX NG schema that is named, or against what comes along for its format.

    :param format: the format, if content and name don't tell
    :param schema: a RELAX NG schema in XML syntax (``.rng``)
    :param strict: whether a warning makes a file not valid, too
    :raises ConversionError: if the file is no text, or of no format that has a schema
    """
    data, name = _source(source, name)
    called = name or (data if isinstance(data, str) else "-")
    used, findings = _native.validate(data, name, format, os.fspath(schema) if schema is not None else None)
    found = diagnostics(called, findings)
    grave = ("error", "warning") if strict else ("error",)
    return Validation(called, not any(one.severity in grave for one in found), used, found)
