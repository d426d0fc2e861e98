"""Attacks on a network itself that have no rate to tune, one after the other.

Source: F. Croce and M. Hein, Reliable Evaluation of Adversarial Robustness with an Ensemble of
Diverse Parameter-free Attacks, ICML 2020. Differs: docs/methods.md, "Robustness".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from modelfoundry.data.images import ImageSet
from modelfoundry.errors import EngineError
from modelfoundry.evaluation.attack_settings import AutoAttackSettings
from modelfoundry.evaluation.robust_accuracy import survive
from modelfoundry.evaluation.robustness_report import AutoAttackReport
from modelfoundry.progress import Reporter

STEP_SHARE = 0.25  # of the budget; the attacks halve it by themselves
PARTS = ("APGD on the cross-entropy", "APGD on the ratio of logits", "Square")
FEWEST_CLASSES = 3  # for the ratio of logits, which compares the first with the third


def measure_auto_attack(
    network: nn.Module,
    images: ImageSet,
    *,
    num_classes: int,
    settings: AutoAttackSettings,
    device: torch.device,
    reporter: Reporter,
) -> AutoAttackReport:
    """Attack a network in several ways; an image counts as right if it survives all of them.

    Args:
        network: Float images in 0-1 to ``num_classes`` logits, in eval mode.
        images: With their labels.
        num_classes: The ratio of logits takes part only from three on.
        settings: Budgets in the units of images in 0-1.
        device: Where the network runs.
        reporter: Told of every batch.

    Raises:
        EngineError: The library with these attacks is not installed; says how to get it.
        Cancelled: Between two batches, when the reporter says so.
    """
    library = _library()
    has_ratio = num_classes >= FEWEST_CLASSES
    classifier = library.PyTorchClassifier(
        network.to(device),
        nn.CrossEntropyLoss(),
        images.images.shape[1:],
        num_classes,
        clip_values=(0.0, 1.0),
        device_type="gpu" if device.type == "cuda" else "cpu",
    )

    def attack(clean: Tensor, labels: Tensor, budget: float) -> Tensor:
        attacked, is_right = clean.clone(), torch.ones(len(labels), dtype=torch.bool)
        for part in _parts(library, classifier, budget, settings, has_ratio=has_ratio):
            rows = torch.nonzero(is_right).flatten().to(clean.device)
            if not len(rows):
                break
            moved = part.generate(clean[rows].cpu().numpy(), labels[rows].cpu().numpy())
            attacked[rows] = torch.from_numpy(moved).to(clean)
            with torch.inference_mode():
                is_right[rows.cpu()] = (network(attacked[rows]).argmax(1) == labels[rows]).cpu()
        return attacked

    with _numpy_seeded(settings.seed):
        found = survive(
            network, images, attack, settings=settings, device=device, reporter=reporter
        )
    parts = tuple(part for part in PARTS if has_ratio or part != PARTS[1])
    return AutoAttackReport(attack="autoattack", settings=settings, parts=parts, **vars(found))


class _Library:
    """What is used of the adversarial robustness toolbox, imported when it is needed."""

    def __init__(self) -> None:
        from art.attacks.evasion import (  # noqa: PLC0415 - an extra, and slow to load
            AutoProjectedGradientDescent,
            SquareAttack,
        )
        from art.estimators.classification import PyTorchClassifier  # noqa: PLC0415

        self.AutoProjectedGradientDescent = AutoProjectedGradientDescent
        self.SquareAttack = SquareAttack
        self.PyTorchClassifier = PyTorchClassifier


def _library() -> _Library:
    try:
        return _Library()
    except ImportError as error:
        raise EngineError(
            "AutoAttack needs the adversarial robustness toolbox, which is not installed; run: pip "
            "install 'modelfoundry[robustness]', or ask for the attack pgd"
        ) from error


def _parts(
    library: _Library,
    classifier: Any,
    budget: float,
    settings: AutoAttackSettings,
    *,
    has_ratio: bool,
) -> Iterator[Any]:
    for loss in ("cross_entropy", "difference_logits_ratio")[: 1 + has_ratio]:
        yield library.AutoProjectedGradientDescent(
            classifier,
            eps=budget,
            eps_step=STEP_SHARE * budget,
            max_iter=settings.steps,
            nb_random_init=1,
            batch_size=settings.batch_size,
            loss_type=loss,
            verbose=False,
        )
    yield library.SquareAttack(
        classifier,
        eps=budget,
        max_iter=settings.queries,
        nb_restarts=1,
        batch_size=settings.batch_size,
        verbose=False,
    )


@contextmanager
def _numpy_seeded(seed: int) -> Iterator[None]:
    """Seed the global generator that the library draws from, and put it back afterwards."""
    before = np.random.get_state()  # noqa: NPY002 - the library's own
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
