"""A task where its architectures are asked for gets an error that says how to take them out of it."""

import numpy as np
import pytest

import augury
from augury import Metric, Task
from augury.search import History
from augury.spaces import InputError

from .components import ENCODERS, META_LEARNERS, PREDICTORS, SPACES

SOME = SPACES["nas-bench-201"].sample(6, np.random.default_rng(0))
TASK = Task("mine", SOME, {"accuracy": Metric(np.arange(6.0), "maximize")}, objective="accuracy")
FIT = r"fit takes Architectures, not Task; take them out of it: fit\(task.architectures, task.y\)"


@pytest.mark.parametrize("name", PREDICTORS)
def test_predictors(name):
    predictor = augury.predictors.make(name)
    for given in ((TASK,), (TASK, TASK.y)):
        with pytest.raises(InputError, match=FIT):
            predictor.fit(*given)
    with pytest.raises(InputError, match=r"values of the architectures too: fit\(task.architectures, task.y\)"):
        predictor.fit(SOME)


@pytest.mark.parametrize("name", ["portfolio", "rgpe", "additive-gp"])
def test_meta_learners(name):
    assert name in META_LEARNERS
    learner = augury.meta.make(name).fit([TASK])
    with pytest.raises(InputError, match=r"adapt takes Architectures.*: adapt\(task.architectures, task.y\)"):
        learner.adapt(TASK)
    with pytest.raises(InputError, match=r"adapt takes the values of the architectures too"):
        learner.adapt(SOME)
    adapted = learner.adapt(SOME, TASK.y)
    with pytest.raises(InputError, match=FIT):
        adapted.fit(TASK)
    with pytest.raises(InputError, match=r"predict\(task.architectures\)"):
        adapted.predict(TASK)


@pytest.mark.parametrize("name", ENCODERS)
def test_encoders(name):
    with pytest.raises(InputError, match=r"fit takes Architectures, not Task; .* fit\(task.architectures\)"):
        augury.encoders.make(name).fit(TASK)


def test_a_history_holds_them_too():
    with pytest.raises(InputError, match=r"fit\(history.architectures, history.y\)"):
        augury.predictors.make("bayesian-ridge").fit(History(SOME, TASK.y))
