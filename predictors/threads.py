"""One PyTorch thread, for predictors and what is built on them; encoders need it too, so it is theirs."""

from ..encoders.threads import one_thread, single_threaded

__all__ = ["one_thread", "single_threaded"]
