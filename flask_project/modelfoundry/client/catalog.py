"""Calls that look around in the catalogue."""

from typing import Any

from modelfoundry.client.connection import Connection, Json


class CatalogCalls(Connection):
    """What there is on a server."""

    def cards(self, words: str = "", **filters: Any) -> Json:
        """Search module cards: facets, bounds, ``sort``, ``limit`` and ``cursor`` as filters."""
        return self._json("GET", "/cards", params={"q": words} | filters)

    def models(self) -> list[Json]:
        """List the trained networks."""
        return self._items("/models")

    def model(self, name: str) -> Json:
        """Describe a trained network."""
        return self._json("GET", f"/models/{name}")

    def datasets(self) -> list[Json]:
        """List the data sets."""
        return self._items("/datasets")

    def algorithms(self, **target: Any) -> list[Json]:
        """List the methods, with presets if a model is named.

        Args:
            target: What presets are for: ``model``, ``kind``, ``num_classes`` and ``shots``.
        """
        return self._items("/algorithms", **target)
