"""List data sets and bring new ones here."""

from pathlib import Path

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.datasets import add_groups, find_dataset, list_datasets
from modelfoundry.data.groups import GroupTable, read_group_file
from modelfoundry.settings import Home


class DatasetService:
    """The use cases around data sets."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def all(self) -> list[DatasetCard]:
        """List every data set, on disk or only known."""
        return list_datasets(self._home)

    def find(self, name: str) -> DatasetCard:
        """Fetch a data set's card; raises ``UnknownNameError`` naming the known ones."""
        return find_dataset(self._home, name)

    def add(
        self, name: str, files: list[Path], *, title: str | None = None, size: int | None = None
    ) -> DatasetCard:
        """Import arrays or an image folder.

        Raises:
            InvalidInputError: The arrays or images do not make a data set; all faults at once.
            UnreadableFileError: A file is damaged or of another kind.
            StorageError: The disk is full; nothing was left behind.
        """
        from modelfoundry.data.importing import import_dataset  # noqa: PLC0415 - loads Pillow

        return import_dataset(self._home, name, files, title=title, size=size)

    def import_groups(self, name: str, file: Path) -> DatasetCard:
        """Add named groups of classes from a JSON file; see :meth:`set_groups`.

        Raises:
            UnreadableFileError: The file is not JSON.
        """
        return self.set_groups(name, read_group_file(file))

    def set_groups(self, name: str, groups: GroupTable) -> DatasetCard:
        """Add named groups of classes, in place of all that were added before.

        Raises:
            UnknownNameError: There is no such data set.
            InvalidInputError: Groups are empty, too small, or name unknown classes; all faults.
            StorageError: The disk is full or cannot be written.
        """
        add_groups(self._home, name, groups)
        return self.find(name)

    def get(self, name: str) -> DatasetCard:
        """Download a public data set; raises ``InvalidInputError`` for one that cannot be."""
        from modelfoundry.data.importing import get_dataset  # noqa: PLC0415 - loads torchvision

        return get_dataset(self._home, name)
