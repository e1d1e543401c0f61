import pytest

from augury.evaluation import harm_by_task
from augury.spaces import InputError, UnknownNameError


def harmed(frame, **options):
    table = harm_by_task(frame, "cold", 1, **options)
    return dict(zip(table["task"], table["harmed"].tolist(), strict=True))


def test_worse_by_more_than_a_tenth_is_harm(frame_of):
    frame = frame_of(
        {
            ("cold", "equal"): [[0.5]],
            ("cold", "little"): [[0.5]],
            ("cold", "much"): [[0.5]],
            ("cold", "better"): [[0.5]],
            ("warm", "equal"): [[0.5]],
            ("warm", "little"): [[0.54]],
            ("warm", "much"): [[0.56]],
            ("warm", "better"): [[0.1]],
        }
    )
    assert harmed(frame) == {"equal": False, "little": False, "much": True, "better": False}
    assert harmed(frame, tolerance=0.05)["little"]
    assert harmed(frame, tolerance=0.2)["much"] is False


def test_next_to_nothing_is_no_harm(frame_of):
    frame = frame_of({("cold", "x"): [[0.0]], ("warm", "x"): [[0.0005]]})
    assert harmed(frame) == {"x": False}
    assert harmed(frame, least=0.0001) == {"x": True}


def test_differences_are_paired_by_seed(frame_of):
    frame = frame_of({("cold", "x"): [[0.1], [0.5], [0.9]], ("warm", "x"): [[0.2], [0.6], [1.0]]})
    row = harm_by_task(frame, "cold", 1).iloc[0]
    assert row[["regret", "reference_regret"]].tolist() == pytest.approx([0.6, 0.5])
    # however the seeds differ, warm is 0.1 worse on each
    assert row[["difference", "low", "high"]].tolist() == pytest.approx([0.1, 0.1, 0.1])


def test_the_reference_is_left_out_and_must_be_there(frame_of):
    frame = frame_of({("cold", "x"): [[0.1]]})
    assert len(harm_by_task(frame, "cold", 1)) == 0
    with pytest.raises(UnknownNameError, match="cold"):
        harm_by_task(frame, "old", 1)
    with pytest.raises(InputError, match="cannot report after 2"):
        harm_by_task(frame, "cold", 2)
