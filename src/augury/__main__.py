"""``python -m augury`` is ``augury``."""

from .cli import main

main()
