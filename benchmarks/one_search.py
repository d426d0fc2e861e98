"""One SeaM search on a model that is here, set up as a job does it; for the scripts beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.run import run
from modelfoundry.catalog.algorithms import find_algorithm, presets_for
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.models import find_model, model_folder
from modelfoundry.data.problem import Problem, pose_problem
from modelfoundry.evaluation.accuracy import original_accuracy
from modelfoundry.nn.normalize import Normalize
from modelfoundry.progress import Reporter
from modelfoundry.settings import Settings
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.zoo.weights import load_weights


@dataclass(frozen=True)
class OneSearch:
    """A target of a model, with the accuracy of the original on the target."""

    network: nn.Module
    normalize: Normalize
    problem: Problem
    config: SeamConfig
    device: torch.device
    validation: DeviceImages
    test: DeviceImages
    base_validation: float
    base_test: float

    def run(self, reporter: Reporter) -> FoundModule:
        """Search; the checkpoint is thrown away."""
        with TemporaryDirectory() as folder:
            return run(
                self.network,
                self.normalize,
                self.problem,
                self.config,
                base_accuracy=self.base_validation,
                device=self.device,
                checkpoint=Path(folder) / "search.pt",
                reporter=reporter,
            )


def set_up(
    model_name: str, target: str, *, preset: str, settings: Mapping[str, object]
) -> OneSearch:
    """Load a model and pose the target, a class or some with commas between them.

    Args:
        settings: What differs from the preset.
    """
    home, device = Settings.from_environment().home, best_device()
    classes = target.split(",")
    kind = "binary" if len(classes) == 1 else "multi-class"
    model = find_model(home, model_name)
    presets = presets_for(home, find_algorithm("seam"), model, kind, num_classes=len(classes))
    base = next(each.config for each in presets if each.name == preset)
    config = SeamConfig.model_validate(base.model_dump() | dict(settings))
    problem = pose_problem(
        load_dataset(home, model.dataset),
        find_dataset(home, model.dataset).classes,
        kind=kind,
        target_classes=classes,
        validation_fraction=config.validation_fraction,
        validation_from=config.validation_from,
        others=config.others,
    )
    architecture = find_architecture(model.architecture)
    network = load_weights(model, model_folder(home, model.name), architecture)
    normalize = Normalize(model.mean, model.std)
    original = nn.Sequential(normalize, network).eval().to(device)
    validation = DeviceImages(problem.validation, device=device)
    test = DeviceImages(problem.test, device=device)
    return OneSearch(
        network,
        normalize,
        problem,
        config,
        device,
        validation,
        test,
        base_validation=original_accuracy(original, validation, problem),
        base_test=original_accuracy(original, test, problem),
    )
