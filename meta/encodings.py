"""How meta-learners see architectures."""

__all__ = ["ENCODERS", "MORE_ENCODERS"]

ENCODERS = ("graph-features", "one-hot")
MORE_ENCODERS = (*ENCODERS, "path", "operation-knowledge")  # for processes, which weigh them
