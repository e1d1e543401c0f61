from __future__ import annotations

import subprocess
import sys
import threading

from augury.search.studies.liveness import alive, identity


def test_this_very_thread_is_not_at_work_since_it_asks():
    assert alive(identity()) is False


def test_another_thread_lives_until_it_ends():
    marks, ready, done = [], threading.Event(), threading.Event()

    def work():
        marks.append(identity())
        ready.set()
        done.wait()

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait()
    assert alive(marks[0]) is True
    done.set()
    thread.join()
    assert alive(marks[0]) is False


def test_another_process_lives_until_it_ends():
    code = "import json; from augury.search.studies.liveness import identity; print(json.dumps(identity()), flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    import json

    mark = json.loads(process.stdout.readline())
    assert mark["pid"] == process.pid
    assert alive(mark) is True
    assert alive({**mark, "started": "another time"}) is False  # the number has been given to another process since
    process.kill()
    while alive(mark):
        pass
    assert alive(mark) is False  # a process that nobody has collected yet is dead, too
    process.communicate()
    assert alive(mark) is False


def test_nothing_is_known_of_other_hosts_and_of_trials_without_a_mark():
    assert alive({**identity(), "host": "elsewhere"}) is None
    assert alive("a damaged mark") is None
    assert alive({**identity(), "pid": "7"}) is None
    assert alive({}) is None
