"""How many defects a network has inherited: a pre-trained network is attacked, another answers.

Source: SeaM, section 5 of the journal version, defect inheritance rate.
Differs: docs/methods.md, "Robustness".
"""

from time import monotonic

import torch
from torch import Tensor, nn

from modelfoundry.data.images import ImageSet
from modelfoundry.evaluation.attack_settings import AttackSettings, clip_range
from modelfoundry.evaluation.changes import answer_changed, answer_clean
from modelfoundry.evaluation.feature_attack import FeatureAttack, choose_dtype
from modelfoundry.evaluation.robustness_report import InheritanceReport
from modelfoundry.nn.features import FeaturePart, feature_layer, split_normalization
from modelfoundry.nn.normalize import Normalize
from modelfoundry.progress import Reporter

STAGE = "attack"
CHECKED_IMAGES = 32  # for the signs of gradients


def measure_inheritance(
    pretrained: nn.Module,
    finetuned: nn.Module,
    images: ImageSet,
    *,
    settings: AttackSettings,
    device: torch.device,
    reporter: Reporter,
) -> InheritanceReport:
    """Attack the pre-trained network's features and count the other network's changed answers.

    Args:
        pretrained: Float images in 0-1 to any logits, its normalisation inside; only read.
        finetuned: Float images in 0-1 to the logits of the images' labels; moved to ``device``.
        images: With their labels.
        settings: Of the attack.
        device: Where both networks run.
        reporter: Told of every batch.

    Raises:
        Cancelled: Between two batches, when the reporter says so.
        UnknownNameError: The settings name a layer that the pre-trained network does not have.
        InvalidInputError: The clip range would cut clean images, or there are no features.
    """
    started = monotonic()
    clean = answer_clean(
        finetuned,
        images,
        count=settings.images,
        seed=settings.seed,
        device=device,
        num_first=CHECKED_IMAGES,
    )
    normalize, rest = split_normalization(pretrained.to(device).eval())
    attack, layer, agreement = _prepare(rest, normalize, normalize(clean.first), settings)
    generator = torch.Generator(device).manual_seed(settings.seed)

    def change(batch: Tensor) -> Tensor:
        start = torch.rand(batch.shape, generator=generator, device=device)
        return attack(normalize(batch), start) * normalize.std + normalize.mean

    answers, examples = answer_changed(
        finetuned,
        clean.right,
        change,
        batch_size=settings.batch_size,
        stage=STAGE,
        reporter=reporter,
    )
    return InheritanceReport(
        attack="inherited",
        settings=settings,
        clip=attack.clip,
        layer=layer,
        precision=str(attack.dtype).removeprefix("torch."),
        sign_agreement=agreement,
        examples=examples,
        wall_s=monotonic() - started,
        **clean.facts(answers),
    )


def check_attack(pretrained: nn.Module, image: Tensor, settings: AttackSettings) -> None:
    """Find out before any work whether a network can be attacked so.

    Args:
        pretrained: As in :func:`measure_inheritance`.
        image: Float ``(1, C, H, W)`` in 0-1, on the network's device.
        settings: Of the attack.

    Raises:
        UnknownNameError: The settings name a layer that the network does not have.
        InvalidInputError: The network has no features of the kind.
    """
    normalize, rest = split_normalization(pretrained.eval())
    feature_layer(rest, normalize(image), name=settings.layer)


def _prepare(
    network: nn.Module, normalize: Normalize, example: Tensor, settings: AttackSettings
) -> tuple[FeatureAttack, str, float | None]:
    layer = feature_layer(network, example[:1], name=settings.layer)
    part = FeaturePart(network, layer).to(example.device)
    clip = clip_range(settings, normalize.mean.flatten().tolist(), normalize.std.flatten().tolist())
    dtype, agreement = choose_dtype(part, example, settings)
    return FeatureAttack(part, settings, clip, dtype), layer, agreement
