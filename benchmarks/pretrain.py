"""Make the meta-learners that come with the package, ``meta/weights/*.safetensors``.

    python benchmarks/pretrain.py                # both; the same bytes on the same kind of machine
    python benchmarks/pretrain.py --check        # tell whether they are what this makes

Each is the default meta-learner, fitted to all tasks of the benchmark, then thinned; without wide networks and
perceptrons on features, which would make the files many times as large.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from threadpoolctl import threadpool_limits

import augury
from augury.meta import other_tasks
from augury.meta.shipped import FOLDER, PRETRAINED

KEPT = 1_000  # architectures beside those that processes learned


def main() -> None:
    """Fit, thin, save or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for name in PRETRAINED:
        with threadpool_limits(1):
            meta = augury.meta.make("auto", feature_from=sys.maxsize, wide_members=0).fit(
                other_tasks(augury.load_benchmark(name))
            )
            thin = meta.thinned(KEPT).set_params(feature_from=augury.meta.make("auto").feature_from)
        path = FOLDER / f"{name}.safetensors"
        if not arguments.check:
            thin.save(path)
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
            continue
        with tempfile.TemporaryDirectory() as folder:
            again = Path(folder) / "again"
            thin.save(again)
            print(f"{path.name}: {'the same' if again.read_bytes() == path.read_bytes() else 'NOT the same'}")


if __name__ == "__main__":
    main()
