"""Keep a model's network as an ONNX file; run as a module, for a web process without torch."""

import json
import sys
from pathlib import Path

from modelfoundry.catalog.models import find_model
from modelfoundry.errors import ModelFoundryError
from modelfoundry.pipelines.bundling import keep_original
from modelfoundry.pipelines.reuse.networks import open_model
from modelfoundry.settings import Home


def keep_model(home: Home, name: str) -> Path:
    """Write the network of a model as a file, unless there is one.

    Raises:
        UnknownNameError: There is no such model.
        GoneError: Its weights have been deleted.
        ExportError: It uses an operation that ONNX lacks.
        StorageError: The disk is full or cannot be written.
    """
    card = find_model(home, name)
    return keep_original(open_model(home, card), card, home)


def main() -> None:
    """Keep the network of the model that is named on stdin; a refusal goes to stderr."""
    root, name = json.load(sys.stdin)
    try:
        keep_model(Home(Path(root)), name)
    except ModelFoundryError as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
