import subprocess
import sys

import augury.evaluation


def test_every_public_name_is_there():
    for name in augury.evaluation.__all__:
        assert callable(getattr(augury.evaluation, name))
        assert name in dir(augury.evaluation)


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, augury.evaluation; "
        "print(sorted({'pandas', 'matplotlib', 'scipy', 'torch', 'jinja2', 'joblib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
