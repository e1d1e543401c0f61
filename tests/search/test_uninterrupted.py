from __future__ import annotations

import os
import random
import signal
import threading

import pytest

from augury.search import Study, make
from augury.search.uninterrupted import uninterrupted
from augury.spaces import ChoiceSpace

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture(autouse=True)
def interrupts():
    """What is begun in the background of a script ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def heard():
    """The numbers of the signals that got through, in order."""
    numbers = []
    before = {
        number: signal.signal(number, lambda n, _: numbers.append(n)) for number in (signal.SIGINT, signal.SIGTERM)
    }
    yield numbers
    for number, handler in before.items():
        signal.signal(number, handler)


@posix
def test_the_first_is_put_off_and_the_second_is_heeded(heard):
    with uninterrupted():
        signal.raise_signal(signal.SIGTERM)
        assert heard == []
        signal.raise_signal(signal.SIGINT)
        assert heard == [signal.SIGINT]
    assert heard == [signal.SIGINT, signal.SIGTERM]
    signal.raise_signal(signal.SIGINT)
    assert heard[2:] == [signal.SIGINT]


@posix
def test_one_within_another(heard):
    with uninterrupted():
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
        assert heard == []
    assert heard == [signal.SIGINT]


@posix
def test_an_error_and_an_interrupt():
    @uninterrupted()
    def fail():
        signal.raise_signal(signal.SIGINT)
        raise OSError("full")

    with pytest.raises(KeyboardInterrupt) as caught:
        fail()
    assert isinstance(caught.value.__context__, OSError)


@posix
def test_what_ignores_a_signal_goes_on_ignoring_it():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with uninterrupted():
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_in_another_thread_nothing_is_changed():
    handlers = []

    def look():
        with uninterrupted():
            handlers.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert handlers == [signal.getsignal(signal.SIGINT)]


@posix
def test_an_interrupt_at_any_moment_leaves_the_database_free(tmp_path, monkeypatch):
    monkeypatch.setattr("augury.search.studies.storage.BUSY_SECONDS", 0.2)  # a lock is an error after that
    space = ChoiceSpace({"a": tuple("abcdefgh"), "b": tuple("abcdefgh")})
    study = Study.create_or_load(
        name="s", storage=tmp_path / "s.db", space=space, strategy=make("random"), evaluator=lambda _: {"accuracy": 1.0},
        objective="accuracy", direction="maximize",
    )  # fmt: skip
    study.run(40)
    claims, chance, alarms = study._claims(), random.Random(0), []

    def interrupt(*_):
        alarms.append(1)
        signal.raise_signal(signal.SIGINT)

    def read_until_interrupted(claim):
        alarms.clear()
        with claims.under_way(claim):  # withdraws it while the interrupt is being dealt with
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-4, 2e-2))
            while not alarms:
                study._trials()
            raise KeyboardInterrupt  # Python drops one that comes while an object is being freed

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for _ in range(60):
            claim = claims.next(64)
            with pytest.raises(KeyboardInterrupt):
                read_until_interrupted(claim)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
