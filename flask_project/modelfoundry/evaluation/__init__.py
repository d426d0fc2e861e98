"""Measure models and modules: accuracy, cost, latency."""
