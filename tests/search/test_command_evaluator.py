"""Commands that end well, badly, late and never."""

import math
import os
import pickle
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize(
    "printed",
    [
        '{"accuracy": 91.5, "config": {"lr": 0.1}, "tag": "mine", "layers": [16, {"accuracy": 2}]}',
        '{"accuracy": 1}\n{"accuracy": 91.5}\ndone!',
        '{\n "config": {\n  "lr": [\n   {\n    "accuracy": 1\n   }\n  ]\n },\n "accuracy": 91.5\n}',
    ],
)
def test_the_last_object_is_read_whatever_stands_in_it_and_after_it(printed: str) -> None:
    evaluate = CommandEvaluator(python(f"print({printed!r})"), metrics={"accuracy": ("maximize", "%")})
    assert evaluate(ARCHITECTURE) == {"accuracy": 91.5}


def test_what_is_left_out_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    evaluate = CommandEvaluator(python('print(\'{"accuracy": 91.5, "seldom": [], "heard": {}}\')'))
    for _ in range(2):
        assert evaluate(ARCHITECTURE) == {"accuracy": 91.5}
    assert [record.message for record in caplog.records] == [
        "Left out of what the command prints, as they are no numbers: seldom, heard."
    ]


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
    with pytest.raises(EvaluationError) as raised:
        CommandEvaluator(python("import sys; print('traceback\\nout of memory', file=sys.stderr); sys.exit(3)"))(
            ARCHITECTURE
        )
    assert str(raised.value).endswith("exit code 3: out of memory")
    with pytest.raises(EvaluationError, match="exit code 1: it said nothing on standard error"):
        CommandEvaluator(python("import sys; sys.exit(1)"))(ARCHITECTURE)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_signal_that_ended_it_is_named() -> None:
    with pytest.raises(EvaluationError, match="' was killed by SIGSEGV: it said nothing on standard error"):
        CommandEvaluator(python("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"))(ARCHITECTURE)
    with pytest.raises(EvaluationError, match=f"' was killed by signal {signal.SIGRTMIN + 1}:"):
        CommandEvaluator(python("import os, signal; os.kill(os.getpid(), signal.SIGRTMIN + 1)"))(ARCHITECTURE)


@pytest.mark.parametrize("logs", [False, True])
@pytest.mark.parametrize("ending", ["sys.exit(3)", "time.sleep(60)", "print('no object')", "print('{\"loss\": 1}')"])
def test_a_failure_has_notes_of_how_the_output_ended(tmp_path: Path, logs: bool, ending: str) -> None:
    code = (
        "import sys, time; print('x' * 9000 + '\\nepoch 1', flush=True); "
        "print('\\n' * 50 + 'Trace', file=sys.stderr, flush=True); "
    )
    evaluate = CommandEvaluator(
        python(code + ending),
        timeout_seconds=2 if "sleep" in ending else None,
        metrics={"accuracy": ("maximize", "%")},
        logs=tmp_path if logs else None,
    )
    with pytest.raises(EvaluationError) as raised:
        evaluate(ARCHITECTURE)
    output, errors = pickle.loads(pickle.dumps(raised.value)).__notes__
    assert errors == "Its standard error ended with:\nTrace"
    assert output.startswith("Its standard output ended with:\nxxx")
    assert "x\nepoch 1" in output
    assert len(output) < 4_100


def test_logs_are_written_while_it_runs_and_hold_the_last_run(tmp_path: Path) -> None:
    logs = tmp_path / "new" / "logs"
    code = (
        "import pathlib, sys; print('epoch 1', flush=True); print('warned', file=sys.stderr); "
        f"[file] = pathlib.Path({str(logs)!r}).glob('*.out'); print(file.read_text() == 'epoch 1\\n'); "
        "print('{\"accuracy\": 1}')"
    )
    bars: Architecture = NASBenchGraphSpace().parse("|gcn~0|gat~1|fc~2|skip~3|")[0]
    evaluate = CommandEvaluator(python(code), logs=logs)
    for _ in range(2):
        assert evaluate(bars) == {"accuracy": 1.0}
    err, out = sorted(logs.iterdir())
    assert out.read_text() == 'epoch 1\nTrue\n{"accuracy": 1}\n'
    assert err.read_text() == "warned\n"
    assert out.name == out.name.replace("|", "").replace("~", "")
    assert (out.stem, out.suffix, err.suffix) == (err.stem, ".out", ".err")


def test_each_architecture_has_logs_of_its_own(tmp_path: Path) -> None:
    space = ChoiceSpace({"a": ("x y", "x-y", "x/y", "x" * 300, "x" * 301)})
    evaluate = CommandEvaluator(python("print('{\"accuracy\": 1}')"), logs=tmp_path)
    for architecture in space.enumerate():
        evaluate(architecture)
    assert len(list(tmp_path.glob("*.out"))) == 5


def test_logs_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="give a folder you may write to"):
        CommandEvaluator("x {architecture}", logs=tmp_path / "file")(ARCHITECTURE)


@pytest.mark.parametrize("printed", ["", "accuracy 91", "[91.5]", "91.5", '{"accuracy": "high"}', '{"accuracy": [1]}'])
def test_what_is_no_object_of_numbers_is_refused(printed: str) -> None:
    with pytest.raises(EvaluationError, match="not a JSON object of numbers") as raised:
        CommandEvaluator(python(f"print({printed!r})"))(ARCHITECTURE)
    assert repr(printed) in str(raised.value)
    assert ("accuracy is none" in str(raised.value)) == ("{" in printed)
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


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("cd /tmp && python train.py {architecture}", "&&"),
        ("FOO=1 python train.py {architecture}", "FOO=1"),
        ("python train.py {architecture} sleep; echo hi", "sleep;"),
        ("train {architecture} | tail -n 1", "|"),
        ("train 'a b' {architecture} 2>&1 > log.txt", "2>&1"),
        ("train {architecture} 2>/dev/null", "2>/dev/null"),
        ("train {architecture} >out.txt", ">out.txt"),
        ("train {architecture} &>x", "&>x"),
        ("train {architecture} <'a b'", "<'a b'"),
        ("train {architecture}>out.txt", "{architecture}>out.txt"),
        ("train {architecture}|tee x", "{architecture}|tee"),
        ("train '{architecture}';", "'{architecture}';"),
        ("train {architecture} &", "&"),
    ],
)
def test_what_only_a_shell_understands_is_refused_with_what_to_write(command: str, part: str) -> None:
    with pytest.raises(InputError, match=re.escape(f"{part!r} in the command")) as raised:
        CommandEvaluator(command)
    assert """write sh -c '... "$1"' sh {architecture}""" in str(raised.value)


def test_what_is_written_for_a_shell_is_run_by_one() -> None:
    code = """import sys; print('{"length": %d}' % len(sys.argv[1]));"""
    command = f'sh -c \'cd / && LENGTH=1 {sys.executable} -c "$0" "$1" | cat;\' {shlex.quote(code)} {{architecture}}'
    assert CommandEvaluator(command)(ARCHITECTURE) == {"length": 23.0}  # 'first=conv, second=pool'


@pytest.mark.parametrize(
    "command",
    [
        "find -exec \\; {architecture}",
        "x \"a | b;\" '&&' a;b --x=1 {architecture}",
        "./a=b {architecture}",
        "x --range=1..3 a=b 'x|y' --is='>3' a\\|b http://x/?a=1&b=2 {architecture}",
        "x --edge={0->1} {a|b}",
    ],
)
def test_what_a_shell_would_take_for_a_text_is_one(command: str) -> None:
    assert CommandEvaluator(command).command == command


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


def test_an_interrupt_while_a_program_is_being_started_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Interrupted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self)
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    try:
        with pytest.raises(KeyboardInterrupt):
            CommandEvaluator(python("import time; time.sleep(60)"))(ARCHITECTURE)
    finally:
        signal.signal(signal.SIGINT, before)
    assert [process.poll() for process in started] == [-signal.SIGKILL]


def test_what_signals_do_is_left_as_it_was() -> None:
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [signal.getsignal(getattr(signal, name)) for name in names]
    CommandEvaluator(python("print('{}')"))(ARCHITECTURE)
    assert [signal.getsignal(getattr(signal, name)) for name in names] == before
