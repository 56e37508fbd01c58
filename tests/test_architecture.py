"""The guard of the house: imports run one way, and public rows come only through the gate."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EVENTS = ROOT / "events"
LAYERS = {  # module of events -> its storey; imports go down, or stay within a package
    "visibility": 0, "roles": 0, "languages": 0, "alphabet": 0, "markup": 0, "dates": 1, "blobs": 0,
    "bucket": 1, "bibtex": 0, "figures": 1, "typography": 1, "addresses": 0, "clients": 0,
    "missed": 1, "models": 2, "audit": 2.5, "editions": 3,
    "latest": 3, "sight": 3, "files": 3, "templatetags": 4, "migrations": 2,
    "resemblance": 3, "search": 3, "facets": 3, "cards": 3, "paper": 0, "versions": 4,
    "indexing": 5, "differences": 4, "guards": 5, "announcing": 5, "changekinds": 5,
    "notifications": 5,
    "publishing": 6, "preview": 7, "opendata": 7, "exporting": 8, "signin": 8,
    "public": 9, "admin": 9, "management": 9, "apps": 9, "desk": 10,
}  # fmt: skip
SOURCES = sorted(path for path in EVENTS.rglob("*.py") if "migrations" not in path.parts)
VAGUE = {"utils", "helpers", "common", "core", "services", "mixins"}


def imported_from_events(path: Path) -> set[str]:
    """First names below `events` that a module imports, wherever in it the import stands."""
    package = ("events", *path.relative_to(EVENTS).with_suffix("").parts)[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = [*base, *(node.module or "").split(".")] if node.module else base
            names = [".".join([*module, alias.name]) for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "events" and len(parts) > 1:
                found.add(parts[1])
            elif parts[0] == "pressoffice":
                found.add("pressoffice")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path):
    own = path.relative_to(EVENTS).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    for name in imported_from_events(path):
        assert name != "pressoffice", "events never imports the wiring"
        if name == own or name not in LAYERS:
            continue
        below = LAYERS[name] < LAYERS[own] or (LAYERS[own] <= 1 and LAYERS[name] <= 1)
        assert below, f"{own} imports {name}"


@pytest.mark.parametrize(
    "path", sorted((EVENTS / "public").rglob("*.py")), ids=lambda path: path.name
)
def test_public_door_reads_only_through_the_gate_and_never_writes(path):
    source = path.read_text(encoding="utf-8")
    assert not imported_from_events(path) & {
        "publishing",
        "admin",
        "roles",
        "preview",
        "sight",
        "audit",
    }
    ungated = re.findall(r"\.objects\b(?!\.(?:public|readable|retracted)\()", source)
    assert ungated == []
    assert "_default_manager" not in source
    assert re.findall(r"\.(?:save|create|bulk_create|update_or_create|delete)\(", source) == []


def test_no_module_has_a_vague_name():
    assert [str(path) for path in SOURCES if path.stem in VAGUE] == []


def test_no_module_is_longer_than_400_lines():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in SOURCES
    }
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_only_markup_calls_mark_safe():
    calls = [path.name for path in SOURCES if "mark_safe(" in path.read_text(encoding="utf-8")]
    assert calls == ["markup.py"]
