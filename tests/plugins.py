"""What another package would tell of itself, were it installed."""


class Plugin:
    """An entry point that leads to a class."""

    def __init__(self, name, cls):
        self.name = name
        self._cls = cls

    def load(self):
        return self._cls
