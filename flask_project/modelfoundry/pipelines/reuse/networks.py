"""Open what a composition is made of and compared with: modules from their files, models."""

import torch
from torch import nn
from torch.fx import GraphModule

from modelfoundry.cards import ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.models import model_folder
from modelfoundry.errors import GoneError, UnreadableFileError
from modelfoundry.export.manifest import FILE_BY_FORMAT
from modelfoundry.nn.normalize import Normalize, with_normalization
from modelfoundry.settings import Home
from modelfoundry.zoo.weights import load_weights


def open_module(home: Home, module_id: str) -> nn.Module:
    """Read a module from its bundle: images in 0-1 to logits, on the CPU in evaluation mode.

    Raises:
        GoneError: Its file has been deleted.
        UnreadableFileError: Its file is damaged.
    """
    path = home.modules / module_id / FILE_BY_FORMAT["pt2"]
    if not path.is_file():
        raise GoneError(f"{path} is no longer on disk; make the module {module_id} again")
    try:
        exported = torch.export.load(path).module(check_guards=False)
    except Exception as error:  # whatever the reader stumbles over
        raise UnreadableFileError(
            f"{path} is damaged ({error}); make the module {module_id} again, or import it anew"
        ) from error
    # What was exported refuses eval() and train(); a plain copy of its graph does not.
    return GraphModule(exported, exported.graph).eval()


def open_model(home: Home, model: ModelCard) -> nn.Sequential:
    """Read a model with its normalisation: images in 0-1 to K logits, on the CPU.

    Raises:
        GoneError: Its weights have been deleted.
    """
    architecture = find_architecture(model.architecture)
    network = load_weights(model, model_folder(home, model.name), architecture)
    return with_normalization(Normalize(model.mean, model.std), network)
