import re
from pathlib import Path

import numpy as np
import pytest

import augury
from augury.data import info
from augury.evaluation import kendall_tau
from augury.meta import pretrained
from augury.meta.shipped import FOLDER, PRETRAINED
from augury.spaces import UnknownNameError


def test_every_file_has_a_name_and_is_small():
    files = {path.stem: path.stat().st_size for path in FOLDER.iterdir()}
    assert set(files) == set(PRETRAINED)
    assert max(files.values()) < 500_000


@pytest.mark.parametrize("name", PRETRAINED)
def test_the_licence_of_its_data_is_told_in_the_docs(name):
    page = (Path(__file__).parents[2] / "docs" / "pretrained.md").read_text()
    about = info(name)
    package, version = about.package.split()
    assert re.search(rf"\(`{about.citation}`\), {about.licence}, as[^;.]* `{package}` {re.escape(version)}", page)


@pytest.mark.parametrize("name", PRETRAINED)
def test_without_any_data_it_ranks_what_it_was_trained_on(name):
    task = next(iter(augury.load_benchmark(name).values()))
    some = task.sample(500, np.random.default_rng(0))
    nothing = some.architectures[:0]
    assert kendall_tau(some.y, pretrained(name).adapt(nothing, []).predict(some.architectures)) > 0.25


def test_an_unknown_name_is_refused():
    with pytest.raises(UnknownNameError, match="nas-bench-graph"):
        pretrained("nas-bench-grap")


@pytest.mark.slow
def test_it_is_made_by_the_default_meta_learner():
    default = augury.meta.make("auto")
    for name in PRETRAINED:
        shipped = pretrained(name)
        assert type(shipped) is type(default)
        assert shipped.get_params() == default.get_params() | {"wide_members": 0}  # to be small
