"""What Optuna's sampler is told, and what is done with its answers."""

import logging

import numpy as np
import optuna

from augury.search import TPE, History, OptunaSampling
from augury.spaces import ChoiceSpace, NASBench201Space

SPACE = ChoiceSpace({"operation": ("conv", "pool", "skip"), "rate": (0.1, 0.001, 0.01), "width": (8, 16, 32, 64)})


def told(architectures):
    """Best with pooling, the smallest rate and the largest width."""
    genotypes = architectures.genotypes
    return (genotypes[:, 0] == 1) + np.asarray([0, 2, 1])[genotypes[:, 1]] + genotypes[:, 2] / 2


def evaluated(n, seed=0):
    rows = SPACE.sample(4 * n, np.random.default_rng(seed))
    rows = rows[rows.distinct()[:n]]
    return History(rows, told(rows))


def test_the_answers_are_optuna_s_own():
    """The same trials, distributions and seed, written down by hand."""
    widths, depths = range(8, 808, 8), range(1, 51)
    space = ChoiceSpace({"operation": ("conv", "pool", "skip"), "rate": (0.1, 0.001, 0.01), "w": widths, "d": depths})
    rows = space.sample(14, np.random.default_rng(0))
    history = History(rows, rows.genotypes @ [1.0, 2.0, 0.1, -0.2])
    seed = int(np.random.default_rng(3).integers(2**31))
    sampler = optuna.samplers.TPESampler(multivariate=True, constant_liar=True, seed=seed)
    study = optuna.create_study(sampler=sampler, direction="maximize")
    distributions = {
        "0": optuna.distributions.CategoricalDistribution((0, 1, 2)),
        "1": optuna.distributions.IntDistribution(0, 2),
        "2": optuna.distributions.IntDistribution(0, 99),
        "3": optuna.distributions.IntDistribution(0, 49),
    }
    for (operation, rate, width, depth), y in zip(history.architectures.genotypes.tolist(), history.y, strict=True):
        values = {"0": operation, "1": [2, 0, 1][rate], "2": width, "3": depth}
        study.add_trial(optuna.trial.create_trial(params=values, distributions=distributions, value=y))
    asked = study.ask(distributions).params
    expected = [asked["0"], [2, 0, 1].index(asked["1"]), asked["2"], asked["3"]]
    assert TPE().propose(history, 1, np.random.default_rng(3)).genotypes.tolist() == [expected]


def test_what_is_known_already_gives_way_to_a_neighbour():
    class Stubborn(OptunaSampling):
        """Always the same."""

        def _sampler(self, seed):
            return optuna.samplers.PartialFixedSampler(
                {str(i): 1 for i in range(4)}, optuna.samplers.RandomSampler(seed)
            )

    space = ChoiceSpace({f"layer{i}": ("a", "b") for i in range(4)})
    known = space.from_genotypes([[1, 1, 1, 1], [0, 1, 1, 1]])
    near = Stubborn().propose(History(known, np.array([1.0, 0.0])), 3, np.random.default_rng(0))
    assert sorted(near.genotypes.tolist()) == [[1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]]
    history = History(known, np.array([1.0, 0.0]), pending=near)
    far = Stubborn().propose(history, 20, np.random.default_rng(0))
    assert len(far) == 16 - 5  # no neighbour is left; then any other


def test_it_finds_the_best_of_a_grid():
    history = History.empty(SPACE)
    while len(history) < 20:
        proposed = TPE(initial=5).propose(history, 1, np.random.default_rng([1, len(history)]))
        history = history.extended(proposed, told(proposed))
    assert history.best_so_far()[-1] == 4.5


def test_what_is_under_way_is_not_crowded():
    history = evaluated(20)
    pending = SPACE.parse(["operation=pool, rate=0.001, width=64"])
    waiting = History(history.architectures, history.y, pending=pending)
    proposed = TPE().propose(waiting, 5, np.random.default_rng(0))
    assert len(set(proposed.format())) == 5
    assert not proposed.isin(waiting.seen).any()


def test_optuna_announces_nothing(caplog):
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.INFO)
    optuna.logging.enable_propagation()
    try:
        with caplog.at_level(logging.INFO):
            TPE().propose(History.empty(NASBench201Space()), 1, np.random.default_rng(0))
    finally:
        optuna.logging.disable_propagation()
        optuna.logging.set_verbosity(before)
    assert not caplog.records
