"""Commands that end well, badly, late and never."""

import math
import os
import pickle
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from augury.search.command_evaluator import CommandEvaluator
from augury.search.evaluators import EvaluationError, MissingMetricError
from augury.spaces import Architecture, ChoiceSpace, InputError, NASBenchGraphSpace

ARCHITECTURE = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")}).from_genotypes([[0, 1]])[0]


def python(code: str, architecture: str = "{architecture}") -> str:
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(code)} {architecture}"


def test_the_last_line_is_read() -> None:
    code = 'print(\'epoch 1\'); print(\'{"accuracy": 91.5, "parameters": 3, "latency": null}\'); print()'
    found = CommandEvaluator(python(code))(ARCHITECTURE)
    assert found.pop("accuracy") == 91.5
    assert found.pop("parameters") == 3.0
    assert math.isnan(found.pop("latency"))
    assert not found


def test_the_architecture_is_one_argument_that_nothing_obeys(tmp_path: Path) -> None:
    """NAS-Bench-Graph's text form has bars, which a shell would take for pipes."""
    kept = tmp_path / "kept"
    code = f"import sys; open({str(kept)!r}, 'w').write(repr(sys.argv[1:])); print('{{}}')"
    architecture: Architecture = NASBenchGraphSpace().parse("|gcn~0|gat~1|fc~2|skip~3|")[0]
    CommandEvaluator(python(code, "--one={architecture} '; touch x' $HOME"))(architecture)
    assert kept.read_text() == "['--one=|gcn~0|gat~1|fc~2|skip~3|', '; touch x', '$HOME']"


def test_decisions_have_places_of_their_own(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    space = ChoiceSpace({"op": ("conv", "{width}"), "width": (16, 32), "learning rate": (0.1, 0.01)})
    code = f"import sys; open({str(kept)!r}, 'w').write(repr(sys.argv[1:])); print('{{}}')"
    places = "--op={op} --width {width} '{learning rate}' {architecture} ${op} '{ op }' {}"
    CommandEvaluator(python(code, places))(space.from_genotypes([[1, 0, 1]])[0])
    text = "op={width}, width=16, learning rate=0.01"
    assert kept.read_text() == repr(["--op={width}", "--width", "16", "0.01", text, "${op}", "{ op }", "{}"])


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            "train {first} {secnd}",
            "no place in the command named 'secnd'. Did you mean 'second'.* architecture, first, s",
        ),
        ("train {architecture} {depth}", "Choose one of: architecture, first, second. Other braces take a space"),
        ("train --first {first}", "does not say where 'second' goes; put {second} there, or {architecture} for all"),
        ("python -c 'print({1: 2})'", "does not say where 'first' goes"),
    ],
)
def test_places_that_do_not_fit_the_space_are_told(command: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        CommandEvaluator(command)(ARCHITECTURE)


def test_a_failure_gives_the_last_line_of_standard_error() -> None:
    with pytest.raises(EvaluationError, match=r"exit code 3: out of memory$"):
        CommandEvaluator(python("import sys; print('traceback\\nout of memory', file=sys.stderr); sys.exit(3)"))(
            ARCHITECTURE
        )
    with pytest.raises(EvaluationError, match="exit code 1: it said nothing on standard error"):
        CommandEvaluator(python("import sys; sys.exit(1)"))(ARCHITECTURE)


@pytest.mark.parametrize("printed", ["", "accuracy 91", "[91.5]", "91.5", '{"accuracy": "high"}', '{"accuracy": [1]}'])
def test_what_is_no_object_of_numbers_is_refused(printed: str) -> None:
    with pytest.raises(EvaluationError, match="not a JSON object of numbers") as raised:
        CommandEvaluator(python(f"print({printed!r})"))(ARCHITECTURE)
    assert repr(printed) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_metric_is_named() -> None:
    evaluate = CommandEvaluator(
        python("print('{\"loss\": 1}')"), metrics={"accuracy": ("maximize", "%"), "loss": ("minimize", "")}
    )
    with pytest.raises(MissingMetricError, match="printed loss, but not accuracy") as raised:
        evaluate(ARCHITECTURE)
    assert raised.value.metrics == {"loss": 1.0}
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.metrics) == (str(raised.value), {"loss": 1.0})


def test_a_command_that_takes_too_long_is_stopped_with_its_children(tmp_path: Path) -> None:
    """The child would leave a mark half a second after the limit."""
    mark = tmp_path / "mark"
    child = f"import time; time.sleep(1.0); open({str(mark)!r}, 'w').close()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    start = time.perf_counter()
    with pytest.raises(EvaluationError, match=r"did not end within 0\.5 s and was stopped.* --time-limit"):
        CommandEvaluator(python(code), timeout_seconds=0.5)(ARCHITECTURE)
    assert time.perf_counter() - start < 0.95
    time.sleep(1.0)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("python train.py", "put {architecture} there"),
        ("python train.py '{architecture}", "close its quotation marks"),
    ],
)
def test_commands_that_cannot_work_are_refused_at_once(command: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        CommandEvaluator(command)


@pytest.mark.parametrize("limit", [0, -1.0, math.nan, math.inf, 1e30])
def test_a_limit_that_is_no_time_is_refused_at_once(limit: float) -> None:
    with pytest.raises(InputError, match=r"number of seconds above 0.* got timeout_seconds="):
        CommandEvaluator("train {architecture}", timeout_seconds=limit)


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(InputError, match="Cannot run 'no-such-program': No such file"):
        CommandEvaluator("no-such-program {architecture}")(ARCHITECTURE)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_ends_this_process_ends_the_program_too(tmp_path: Path, name: str) -> None:
    begun = tmp_path / "begun"
    command = python(f"import os, time; open({str(begun)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    script = (
        f"import signal; signal.signal(signal.{name}, signal.SIG_DFL); "  # whatever these tests were begun with
        "from augury.search import CommandEvaluator; from augury.spaces import ChoiceSpace; "
        f"CommandEvaluator({command!r})(ChoiceSpace({{'first': ('conv', 'pool')}}).enumerate()[0])"
    )
    caller = subprocess.Popen([sys.executable, "-c", script])
    while not (begun.exists() and begun.read_text()):
        assert caller.poll() is None
        time.sleep(0.05)
    caller.send_signal(getattr(signal, name))
    assert caller.wait(timeout=30) == 128 + getattr(signal, name)
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)


def test_what_signals_do_is_left_as_it_was() -> None:
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [signal.getsignal(getattr(signal, name)) for name in names]
    CommandEvaluator(python("print('{}')"))(ARCHITECTURE)
    assert [signal.getsignal(getattr(signal, name)) for name in names] == before
