"""Use a ModelFoundry server from Python; needs nothing but httpx.

Example:
    >>> client = Client("http://127.0.0.1:8000")
    >>> job = client.modularize("resnet20-cifar10", ["cat"], wait=True)
    >>> client.download(job["modules"][0], "onnx", "cat.onnx")
"""

from typing import Self

from modelfoundry.client.catalog import CatalogCalls
from modelfoundry.client.connection import Fault, Json, ProblemError
from modelfoundry.client.jobs import JobCalls
from modelfoundry.client.logins import Logins, logins_file
from modelfoundry.client.modules import ModuleCalls
from modelfoundry.client.reuse import ReuseCalls
from modelfoundry.client.sweeps import SweepCalls
from modelfoundry.client.work import WorkCalls

__all__ = ["Client", "Fault", "Json", "ProblemError"]


class Client(CatalogCalls, WorkCalls, SweepCalls, ReuseCalls, JobCalls, ModuleCalls):
    """A connection to a server; answers are the JSON that the API documentation describes.

    Each base holds the calls about one thing. A server that is busy, or asks for fewer requests, is
    asked again after the time it names.
    """

    @classmethod
    def logged_in(cls, server: str | None = None) -> Self:
        """Connect as ``modelfoundry login`` has left it.

        Args:
            server: Its URL; where one has logged in last, or else this machine's, if absent.
        """
        logins = Logins.read(logins_file())
        url = (server or logins.current).rstrip("/")
        return cls(url, token=logins.token_by_server.get(url, ""))
