"""The modules of this installation, as their bundles on disk describe them."""

from modelfoundry.errors import UnknownNameError
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
    known = sorted(path.parent.name for path in home.modules.glob(f"[!.]*/{MANIFEST_NAME}"))
    if module_id not in known:
        raise UnknownNameError("module", module_id, known)
    return read_manifest(home.modules / module_id)
