"""Imported once by the process that job processes are forked from, so that they start at once.

Importing is all that happens here: no computation, no threads of our own, no CUDA, or a fork
would not be safe.
"""

import gc

# Libraries that the pipelines import on first use, which takes seconds in every job. onnxruntime
# is left out: importing it starts a thread.
import onnxscript  # noqa: F401
import sklearn.datasets  # noqa: F401

import modelfoundry.jobs.child  # noqa: F401
from modelfoundry.pipelines.registry import PIPELINES

for card in PIPELINES.values():
    card.load()

# A job needs all of this to its end. Without looking through it, its collections of garbage take
# no time, and the memory of what was imported stays shared with this process: 100 MB a job.
gc.freeze()
