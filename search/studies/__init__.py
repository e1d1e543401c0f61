"""Searches that are kept: an Optuna storage, what is claimed, done and failed in it, and who works on it."""
