"""Predict how well a neural architecture will do before training it, and search with fewer real evaluations."""
