import numpy as np  # brings the linear algebra library
import pytest
import torch
from threadpoolctl import ThreadpoolController

from augury.encoders.threads import SMALL, one_thread, single_threaded, threads_for

libraries = ThreadpoolController().select(user_api="blas")


def threads() -> set[int]:
    """How many PyTorch and each linear algebra library would use now."""
    return {torch.get_num_threads(), *(library["num_threads"] for library in libraries.info())}


@pytest.fixture(autouse=True)
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with libraries.limit(limits=2):
        yield
    torch.set_num_threads(before)


def test_one_thread_inside_and_as_many_as_before_after_it() -> None:
    assert len(libraries.info())
    assert threads() == {2}
    with single_threaded():
        assert threads() == {1}
    assert threads() == {2}


def test_an_error_sets_them_again_too() -> None:
    with pytest.raises(np.linalg.LinAlgError), single_threaded():
        raise np.linalg.LinAlgError
    assert threads() == {2}


def test_who_leaves_last_sets_them_again() -> None:
    """As where two Python threads fit at once, and the one that came first is done first."""
    first, second = single_threaded(), single_threaded()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert {library["num_threads"] for library in libraries.info()} == {1}
    second.__exit__(None, None, None)
    assert {library["num_threads"] for library in libraries.info()} == {2}


def test_a_function_on_one_thread() -> None:
    assert one_thread(threads)() == {1}
    assert threads() == {2}


@pytest.mark.parametrize(("rows", "expected"), [(0, 1), (SMALL, 1), (SMALL + 1, 2)])
def test_large_matrices_keep_all(rows: int, expected: int) -> None:
    with threads_for(rows):
        assert threads() == {expected}
