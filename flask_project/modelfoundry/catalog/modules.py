"""The modules of this installation, as their bundles on disk describe them."""

from collections.abc import Iterator

from modelfoundry.errors import UnknownNameError, UnreadableFileError
from modelfoundry.export.manifest import MANIFEST_NAME, Manifest, read_manifest
from modelfoundry.settings import Home


def find_module(home: Home, module_id: str) -> Manifest:
    """Read the manifest of a module.

    Args:
        module_id: May be anything; only names of bundles that exist reach the disk.

    Raises:
        UnknownNameError: There is none of that id; the message lists the known ones.
        UnreadableFileError: Its manifest is not one that is understood here.
    """
    known = _known(home)
    if module_id not in known:
        raise UnknownNameError("module", module_id, known)
    return read_manifest(home.modules / module_id)


def modules_of_model(home: Home, name: str) -> Iterator[Manifest]:
    """Read the manifests of the modules that have to do with a model, by id.

    Those that are not understood here are passed over.
    """
    for module_id in _known(home):
        if not module_id.startswith(f"{name}-"):  # ids begin with the model's name
            continue
        try:
            manifest = read_manifest(home.modules / module_id)
        except UnreadableFileError:
            continue
        if manifest["model"]["name"] == name:
            yield manifest


def _known(home: Home) -> list[str]:
    return sorted(path.parent.name for path in home.modules.glob(f"[!.]*/{MANIFEST_NAME}"))
