"""List data sets and bring new ones here."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.datasets import add_groups, find_dataset, list_datasets
from modelfoundry.data.groups import GROUP_TABLE, GroupTable, forget_groups, read_group_file
from modelfoundry.errors import InvalidInputError, WrongStateError
from modelfoundry.jobs.store import JobStore
from modelfoundry.services.faults import faults_of
from modelfoundry.services.in_use import check_unused
from modelfoundry.settings import Home
from modelfoundry.storage import remove_folder, size_of_folder

if TYPE_CHECKING:
    from modelfoundry.data.preview import DatasetPreview


class DatasetService:
    """The use cases around data sets."""

    def __init__(self, home: Home, jobs: JobStore) -> None:
        self._home = home
        self._jobs = jobs

    def all(self) -> list[DatasetCard]:
        """List every data set, on disk or only known."""
        return list_datasets(self._home)

    def find(self, name: str) -> DatasetCard:
        """Fetch a data set's card; raises ``UnknownNameError`` naming the known ones."""
        return find_dataset(self._home, name)

    def size_bytes(self, name: str) -> int:
        """Tell what a data set that exists takes in the data folder; 0 for an embedded one."""
        return size_of_folder(self._home.datasets / name)

    def preview(self, file: Path, *, size: int | None = None) -> "DatasetPreview":
        """Show what :meth:`add` would make of a file, and raise what it would."""
        from modelfoundry.data.preview import preview_dataset  # noqa: PLC0415 - loads Pillow

        return preview_dataset([file], size=size)

    def add(
        self,
        name: str,
        files: list[Path],
        *,
        title: str | None = None,
        size: int | None = None,
        leave_out: bool = False,
    ) -> DatasetCard:
        """Import arrays or an image folder; ``leave_out`` goes on without unusable files.

        Raises:
            InvalidInputError: The arrays or images do not make a data set; all faults at once.
            UnreadableFileError: A file is damaged or of another kind.
            StorageError: The disk is full; nothing was left behind.
        """
        from modelfoundry.data.importing import import_dataset  # noqa: PLC0415 - loads Pillow

        return import_dataset(self._home, name, files, title=title, size=size, leave_out=leave_out)

    def delete(self, name: str) -> None:
        """Delete a data set's images, and the groups that its users have added.

        Raises:
            UnknownNameError: There is no such data set.
            WrongStateError: It is not in the data folder, or an unfinished job needs it.
            StorageError: It cannot be deleted, and is as it was.
        """
        folder = self._home.datasets / self.find(name).name
        if not folder.is_dir():
            raise WrongStateError(f"no images of {name} are in the data folder to be deleted")
        check_unused(self._home, self._jobs, "dataset", name)
        remove_folder(folder)
        forget_groups(self._home, name)

    def import_groups(self, name: str, file: Path) -> DatasetCard:
        """Add named groups of classes from a JSON file; see :meth:`set_groups`.

        Raises:
            UnreadableFileError: The file is not JSON.
            InvalidInputError: It is JSON of another form.
        """
        try:
            groups = GROUP_TABLE.validate_python(read_group_file(file))
        except ValidationError as error:
            raise InvalidInputError(faults_of(error, under="/groups")) from error
        return self.set_groups(name, groups)

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
