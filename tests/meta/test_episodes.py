import numpy as np
import torch

from augury.meta.episodes import Episodes
from augury.meta.sources import Sources
from augury.spaces import ChoiceSpace

SPACE = ChoiceSpace({"first": tuple("abcd"), "second": tuple("abcd")})


def sources():
    scores = np.full((16, 3), np.nan, dtype=np.float32)
    scores[:, 0] = np.arange(16)
    scores[:5, 1] = 100 + np.arange(5)
    scores[7, 2] = 0.0
    return Sources(("full", "few", "one"), SPACE.enumerate(), scores)


def test_an_episode_is_of_one_task_and_its_parts_do_not_meet():
    episodes, known = Episodes(sources(), support=8, query=4, seed=0), sources().scores
    sizes = set()
    for _ in range(200):
        episode = episodes.draw()
        rows, y = torch.cat([episode.support, episode.query]), torch.cat([episode.support_y, episode.query_y])
        np.testing.assert_array_equal(known[rows, episode.task], y)
        assert len(set(rows.tolist())) == len(rows)
        assert len(episode.query) >= 1
        sizes.add((episode.task, len(episode.support)))
    assert {size for task, size in sizes if task == 0} == set(range(9))
    assert {size for task, size in sizes if task == 1} == set(range(5))  # one is left for the query
    assert {size for task, size in sizes if task == 2} == {0}


def test_same_seed_same_episodes():
    one, other = (Episodes(sources(), support=8, query=4, seed=3).draw() for _ in range(2))
    assert one.task == other.task
    assert torch.equal(one.query, other.query)
