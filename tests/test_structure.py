"""The house rules: which folder may import which, and what may be imported at all before it is needed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {
    "spaces": set(),
    "data": {"spaces"},
    "encoders": {"spaces"},
    "predictors": {"spaces", "encoders"},
    "meta": {"spaces", "data", "encoders", "predictors"},
    "search": {"spaces", "data", "encoders", "predictors", "meta"},
    "evaluation": {"spaces", "data", "encoders", "predictors", "meta", "search"},
}
HEAVY = ("torch", "torch_geometric", "xgboost", "pandas", "sklearn", "scipy", "optuna", "matplotlib", "networkx")


def imported_rooms(path):
    """The other top-level folders that a file imports, however it writes it."""
    depth = len(path.relative_to(ROOT).parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            yield from [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith("augury"):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "augury")


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_point_one_way(room):
    for path in (ROOT / room).rglob("*.py"):
        strangers = set(imported_rooms(path)) - ROOMS[room] - {room}
        assert not strangers, f"{path.relative_to(ROOT)} imports {sorted(strangers)}"


def offered(tree):
    """The names in a file's ``__all__``."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(one, "id", None) == "__all__" for one in node.targets):
            return set(ast.literal_eval(node.value))
    return set()


def test_what_is_imported_from_a_file_is_offered_by_it():
    package = ROOT / "src" / "augury"
    paths = [path for room in (*ROOMS, "commands") for path in (package / room).rglob("*.py")] + [package / "cli.py"]
    trees = {path.relative_to(package): ast.parse(path.read_text()) for path in paths}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            home = path.parents[node.level - 1] / f"{(node.module or '').replace('.', '/')}.py"
            if home in trees:  # or else a folder, whose names lead to files
                missing = {alias.name for alias in node.names} - offered(trees[home])
                assert not missing, f"{path} imports {sorted(missing)} of {home}"


def test_every_folder_is_linked_and_relative():
    package = ROOT / "src" / "augury"
    for room in ROOMS:
        assert (package / room).is_symlink()
        assert (package / room).readlink() == Path("../..") / room
    assert (package / "py.typed").exists()


def loaded_by(code):
    script = f"import sys\n{code}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import augury",
        "import augury; augury.spaces.NASBenchGraphSpace().enumerate().canonical()",
        "import augury; augury.data.available()",
        "import augury; augury.predictors.available(), augury.meta.available(), augury.search.available()",
    ],
)
def test_light_things_stay_light(code):
    assert not loaded_by(code) & set(HEAVY)


def test_every_public_name_resolves():
    import augury

    for module in (augury, *(getattr(augury, room) for room in ROOMS)):
        for name in module.__all__:
            assert getattr(module, name) is not None
            assert name in dir(module)
        with pytest.raises(AttributeError):
            _ = module.no_such_name


def test_files_are_of_one_idea():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            assert len(path.read_text().splitlines()) <= 400, path


def test_every_cited_paper_is_in_the_references():
    known = set(re.findall(r"@\w+\{(\w+),", (ROOT / "docs" / "references.bib").read_text()))
    for room in (*ROOMS, "src/augury"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text()
            cited = re.findall(r"``([a-z]+\d{4}[a-z]*)``", text) + re.findall(r'citation="(\w+)"', text)
            assert set(cited) <= known, path


def test_every_reference_ends_before_the_next_begins():
    entries = re.split(r"^(?=@)", (ROOT / "docs" / "references.bib").read_text(), flags=re.MULTILINE)[1:]
    for entry in entries:
        assert entry.endswith("\n}\n"), entry
        assert entry.count("{") == entry.count("}"), entry


def test_files_that_the_dependencies_name_are_there():
    for line in (ROOT / "pyproject.toml").read_text().splitlines():
        for path in re.findall(r"\b(?:\w+/)+\w+\.py\b", line.partition("#")[2]):
            assert (ROOT / path).exists(), path


def test_no_module_hides_a_public_name():
    import augury

    for room in ROOMS:
        modules = {path.stem for path in (ROOT / room).glob("*.py")}
        assert not modules & set(getattr(augury, room).__all__), room
