"""Where the samples are, and a hand to invent more."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def cable() -> Path:
    """A transcript of one document with sixteen notes."""
    return ROOT / "examples" / "cable.txt"


@pytest.fixture(scope="session")
def invent() -> ModuleType:
    """The maker of invented documents."""
    spec = importlib.util.spec_from_file_location("invent", ROOT / "examples" / "invent.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
