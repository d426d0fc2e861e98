"""Change images until the features of a network are wrong, looking at that network alone.

Source: S. Rezaei and X. Liu, A Target-Agnostic Attack on Deep Models, ICLR 2020, as SeaM uses it.
Differs: docs/methods.md, "Robustness".
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from modelfoundry.evaluation.attack_settings import AttackSettings
from modelfoundry.evaluation.projected_descent import Reach, descend
from modelfoundry.nn.features import FeaturePart
from modelfoundry.training.device import training_dtype

GOAL = 1000.0  # of the first feature; that of all others is 0
REST_WEIGHT = 0.1
# Below this the signs of bfloat16 gradients would change what the attack finds.
LEAST_SIGN_AGREEMENT = 0.9


@dataclass(frozen=True)
class FeatureAttack:
    """Projected gradient descent on features, within a distance of the clean image.

    Attributes:
        part: The network under attack up to its features.
        clip: Least and largest value of a pixel, in normalised units.
        dtype: Arithmetic of the gradients; images and steps stay float32.
    """

    part: FeaturePart
    settings: AttackSettings
    clip: tuple[float, float]
    dtype: torch.dtype = torch.float32

    def __call__(self, clean: Tensor, start: Tensor) -> Tensor:
        """Attack a batch.

        Args:
            clean: Normalised float32 images ``(N, C, H, W)``; not changed.
            start: Random numbers in 0-1 of the same shape: where in the budget to begin.

        Returns:
            Attacked images in the same units.
        """
        settings, (low, high) = self.settings, self.clip
        reach = Reach(settings.budget, settings.step_size, settings.steps, low, high)
        return descend(
            clean, start, reach, lambda images: feature_gradient(self.part, images, self.dtype)
        )


def feature_gradient(part: FeaturePart, images: Tensor, dtype: torch.dtype) -> Tensor:
    """Return the objective's gradient by the pixels, float32 ``(N, C, H, W)``.

    Args:
        images: Normalised.
        dtype: Arithmetic of the network; the objective itself is float32.
    """
    images = images.detach().requires_grad_()
    with torch.autocast(images.device.type, dtype=dtype, enabled=dtype is not torch.float32):
        features = part(images)
    first, *_ = torch.autograd.grad(_objective(features.float()), images)
    return first


def choose_dtype(
    part: FeaturePart, images: Tensor, settings: AttackSettings
) -> tuple[torch.dtype, float | None]:
    """Decide the arithmetic of the gradients by their signs on some images.

    Args:
        images: Normalised, on the device of the attack.

    Returns:
        The dtype, and the share of signs that are the same in bfloat16 and float32; None where
        bfloat16 is out of the question.
    """
    dtype = training_dtype(settings.precision, images.device)
    if dtype is torch.float32:
        return dtype, None
    agreement = sign_agreement(part, images, dtype)
    is_good = settings.precision != "auto" or agreement >= LEAST_SIGN_AGREEMENT
    return (dtype if is_good else torch.float32), agreement


def sign_agreement(part: FeaturePart, images: Tensor, dtype: torch.dtype) -> float:
    """Return the share of pixels whose gradient has the same sign in ``dtype`` and in float32."""
    exact = feature_gradient(part, images, torch.float32).sign()
    rough = feature_gradient(part, images, dtype).sign()
    return float((exact == rough).double().mean())


def _objective(features: Tensor) -> Tensor:
    """Sum the objective over images, so that none depends on how many share its batch."""
    first, rest = features[:, 0], features[:, 1:]
    return ((first - GOAL).square() + REST_WEIGHT * rest.square().mean(dim=1)).sum()
