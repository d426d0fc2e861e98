"""Use a ModelFoundry server from Python; needs nothing but httpx.

Example:
    >>> client = Client("http://127.0.0.1:8000")
    >>> job = client.modularize("resnet20-cifar10", ["cat"], wait=True)
    >>> client.download(job["modules"][0], "onnx", "cat.onnx")
"""

from modelfoundry.client.catalog import CatalogCalls
from modelfoundry.client.connection import Fault, Json, ProblemError
from modelfoundry.client.jobs import JobCalls
from modelfoundry.client.modules import ModuleCalls
from modelfoundry.client.reuse import ReuseCalls
from modelfoundry.client.sweeps import SweepCalls
from modelfoundry.client.work import WorkCalls

__all__ = ["Client", "Fault", "Json", "ProblemError"]


class Client(CatalogCalls, WorkCalls, SweepCalls, ReuseCalls, JobCalls, ModuleCalls):
    """A connection to a server; answers are the JSON that the API documentation describes.

    Each base holds the calls about one thing.
    """
