"""What holds for every encoder that learns; a predictor is saved with what its encoder learned."""

import numpy as np
import pytest
import torch
from sklearn.pipeline import FeatureUnion

import augury
from augury.encoders import CATE, Arch2Vec, OneHot, shared
from augury.encoders.learned import LearnedEncoder
from augury.predictors import GIN, GaussianProcess, RandomForest, XGBoost
from augury.predictors.saving import read_state, write_state
from augury.spaces import ChoiceSpace, DataError, EdgeCellSpace

SPACE = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c"), "width": (8, 16)})
ARCHITECTURES = SPACE.enumerate()
Y = ARCHITECTURES.genotypes.sum(axis=1).astype(float)
ARCH2VEC = Arch2Vec(dimensions=4, hidden=8, layers=1, steps=5, samples=30)
CATE_ = CATE(dimensions=8, steps=5, samples=30)
BOTH = FeatureUnion([("plain", OneHot()), ("inner", FeatureUnion([("cate", CATE_)])), ("arch2vec", ARCH2VEC)])


CELLS = EdgeCellSpace(operations=("none", "skip", "conv1", "conv3"), nodes=4)


@pytest.mark.parametrize("kind", [Arch2Vec, CATE])
def test_it_learns_from_the_space_and_not_from_what_it_is_given(kind):
    small = kind(steps=10, samples=50)
    some, others = CELLS.sample(5, np.random.default_rng(0)), CELLS.sample(300, np.random.default_rng(1))
    torch.manual_seed(1)
    first = small.fit(some).transform(others)
    torch.manual_seed(2)
    state = torch.get_rng_state()
    second = small.fit(others).transform(others)
    assert first.tobytes() == second.tobytes()
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("kind", [Arch2Vec, CATE])
def test_company_does_not_matter(kind):
    architectures = CELLS.sample(100, np.random.default_rng(5))
    encoder = kind(steps=50, samples=300).fit(architectures)
    together = encoder.transform(architectures)
    alone = np.concatenate([encoder._encode(architectures[i : i + 1].canonical()) for i in range(len(architectures))])
    np.testing.assert_allclose(alone, together, rtol=1e-6, atol=1e-7)


def no_training(monkeypatch):
    """As in a process that has learned nothing yet, and may not."""

    def refuse(*_):
        raise AssertionError("it learns anew")

    monkeypatch.setattr(shared, "_recent", [])
    monkeypatch.setattr(LearnedEncoder, "_descend", refuse)


@pytest.mark.parametrize("encoder", [ARCH2VEC, CATE_, BOTH, "arch2vec"], ids=["arch2vec", "cate", "both", "name"])
@pytest.mark.parametrize("kind", ["random-forest", "xgboost", "gaussian-process", "gin"])
def test_a_loaded_predictor_does_not_learn_its_encoder_anew(encoder, kind, tmp_path, monkeypatch):
    predictor = {
        "random-forest": RandomForest(trees=5, encoder=encoder),
        "xgboost": XGBoost(members=2, rounds=5, encoder=encoder),
        "gaussian-process": GaussianProcess(encoders=("one-hot", encoder)),
        "gin": GIN(members=2, hidden=4, layers=1, steps=3, encoders=("one-hot", encoder)),
    }[kind]
    if isinstance(encoder, str):  # in its usual size: its first weights do
        monkeypatch.setattr(LearnedEncoder, "_descend", lambda *_: None)
        monkeypatch.setattr(shared, "_recent", [])
    predictor.fit(ARCHITECTURES[:12], Y[:12])
    expected = np.stack(predictor.predict(ARCHITECTURES, return_std=True))
    predictor.save(tmp_path / "saved")
    no_training(monkeypatch)
    loaded = augury.predictors.load(tmp_path / "saved")
    np.testing.assert_array_equal(np.stack(loaded.predict(ARCHITECTURES, return_std=True)), expected)
    loaded.save(tmp_path / "again")
    (header, arrays), (again, same) = (read_state(tmp_path / name) for name in ("saved", "again"))
    assert again == header
    assert {name: array.tobytes() for name, array in same.items()} == {k: v.tobytes() for k, v in arrays.items()}


@pytest.mark.parametrize("encoder", [ARCH2VEC, CATE_], ids=["arch2vec", "cate"])
def test_what_was_learned_is_all_that_an_encoder_needs(encoder, monkeypatch):
    first = shared.fitted(encoder, SPACE)
    state = shared.learned(first)
    assert all(array.dtype == np.float32 for array in state.values())
    no_training(monkeypatch)
    second = shared.fitted(encoder, SPACE, state)
    np.testing.assert_array_equal(second.transform(ARCHITECTURES), first.transform(ARCHITECTURES))
    if isinstance(encoder, Arch2Vec):
        assert second.reconstruction(ARCHITECTURES) == first.reconstruction(ARCHITECTURES)
    else:
        assert second.masked_accuracy(ARCHITECTURES) == first.masked_accuracy(ARCHITECTURES)
    other = state | {"network.embed.weight": -state["network.embed.weight"]}
    third = shared.fitted(encoder, SPACE, other)
    assert not np.allclose(third.transform(ARCHITECTURES), first.transform(ARCHITECTURES))


@pytest.mark.parametrize("encoder", [ARCH2VEC, CATE_], ids=["arch2vec", "cate"])
def test_a_file_with_another_state_is_refused(encoder, tmp_path):
    name = "encoder.network.embed.weight"
    RandomForest(trees=2, encoder=encoder).fit(ARCHITECTURES, Y).save(tmp_path / "saved")
    header, arrays = read_state(tmp_path / "saved")
    for damage in (arrays | {name: np.zeros((3, 2), dtype=np.float32)}, {k: v for k, v in arrays.items() if k != name}):
        write_state(tmp_path / "damaged", header, damage)
        with pytest.raises(DataError, match="not a saved predictor"):
            augury.predictors.load(tmp_path / "damaged")
