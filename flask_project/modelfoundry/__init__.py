"""Cut the part of a trained network that you need out as a small, measured, portable module."""

__version__ = "0.1.0"
