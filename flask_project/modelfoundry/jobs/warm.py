"""Imported once by the process that job processes are forked from, so that they start at once.

Importing is all that happens here: no computation, no threads, no CUDA, or a fork would not be
safe.
"""

import modelfoundry.jobs.child  # noqa: F401
from modelfoundry.pipelines.registry import PIPELINES

for card in PIPELINES.values():
    card.load()
