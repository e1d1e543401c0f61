from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from augury.cli import app
from augury.data import NodeGraph
from augury.spaces import ChoiceSpace
from augury.spaces.factory import space_to_json


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]
LAYERS = ChoiceSpace({"first": ("conv", "pool", "skip"), "second": ("conv", "pool", "skip"), "width": (16, 32)})


@pytest.fixture
def run(tmp_path, monkeypatch, capsys) -> Run:
    """Runs a command in an empty folder, in this process; errors that are not foreseen come through."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> Result:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            app([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(int(end.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def space_file(tmp_path) -> Path:
    """A search space of 18 chains, as JSON."""
    path = tmp_path / "space.json"
    path.write_text(json.dumps(space_to_json(LAYERS)))
    return path


@pytest.fixture
def table(tmp_path) -> Path:
    """All chains, with an accuracy that grows with convolutions and width, and a latency that does too."""
    chains = LAYERS.enumerate()
    convolutions = (chains.genotypes[:, :2] == 0).sum(axis=1)
    wide = chains.genotypes[:, 2]
    lines = ["arch,accuracy,latency"]
    for text, c, w in zip(chains.format(), convolutions, wide, strict=True):
        lines.append(f'"{text}",{70 + 5 * c + 2 * w},{1 + c + 0.5 * w}')
    path = tmp_path / "results.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def graph(tmp_path) -> Path:
    """Two rings of ten nodes, told apart by one of their features."""
    rng = np.random.default_rng(0)
    ring = np.stack([np.arange(10), np.roll(np.arange(10), 1)])
    y = np.repeat([0, 1], 10)
    masks = [np.arange(20) % 4 == part for part in (0, 1)]
    x = np.stack([y + rng.normal(0, 0.1, 20), rng.normal(0, 1, 20)], axis=1)
    path = tmp_path / "rings.npz"
    NodeGraph("rings", x, np.concatenate([ring, ring + 10], axis=1), y, *masks, ~(masks[0] | masks[1])).save(path)
    return path
