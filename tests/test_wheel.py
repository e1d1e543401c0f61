"""What a user installs."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("spaces", "data", "encoders", "predictors", "meta", "search", "evaluation")


@pytest.mark.slow
def test_the_wheel_holds_every_module(tmp_path):
    kept = [*ROOMS, "src", "pyproject.toml", "README.md", "LICENSE"]
    for name in kept:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        if source.is_dir():
            copy(source, tmp_path / name, symlinks=True, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
        else:
            copy(source, tmp_path / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.suffix in (".py", ".html", ".json"):
                assert f"augury/{path.relative_to(ROOT)}" in inside
    assert "augury/py.typed" in inside
    assert not [name for name in inside if name.startswith(("tests/", "spaces/", "data/"))]
