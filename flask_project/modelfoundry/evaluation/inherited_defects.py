"""How many defects a network has inherited: a pre-trained network is attacked, another answers.

Source: SeaM, section 5 of the journal version, defect inheritance rate.
Differs: docs/methods.md, "Robustness".
"""

from time import monotonic

import numpy as np
import torch
from torch import Tensor, nn

from modelfoundry.data.images import ImageSet
from modelfoundry.data.splits import draw_images
from modelfoundry.evaluation.attack_settings import AttackSettings, clip_range
from modelfoundry.evaluation.changes import changes_per_class
from modelfoundry.evaluation.examples import MAX_EXAMPLES, changed_examples
from modelfoundry.evaluation.feature_attack import FeatureAttack, choose_dtype
from modelfoundry.evaluation.robustness_report import Example, InheritanceReport
from modelfoundry.nn.features import FeaturePart, feature_layer, split_normalization
from modelfoundry.nn.normalize import Normalize
from modelfoundry.progress import Reporter
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import evaluation_mode, predict

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
    chosen = draw_images(images, settings.images, seed=settings.seed)
    served = DeviceImages(chosen, device=device)
    finetuned = finetuned.to(device)
    logits = predict(finetuned, served)
    is_right = logits.argmax(dim=1) == torch.from_numpy(chosen.labels)
    right = DeviceImages(chosen.take(np.flatnonzero(is_right.numpy())), device=device)
    normalize, rest = split_normalization(pretrained.to(device).eval())
    example = normalize(served.first(min(len(served), CHECKED_IMAGES)))
    attack, layer, agreement = _prepare(rest, normalize, example, settings)
    answers, examples = _attack_all(attack, normalize, finetuned, right, reporter)
    changed = answers != right.labels.cpu()
    return InheritanceReport(
        attack="inherited",
        settings=settings,
        clip=attack.clip,
        layer=layer,
        precision=str(attack.dtype).removeprefix("torch."),
        sign_agreement=agreement,
        images=len(chosen),
        attacked=len(right),
        changed=int(changed.sum()),
        rate=float(changed.double().mean()) if len(right) else None,
        clean_accuracy=float(is_right.double().mean()),
        per_class=changes_per_class(
            chosen.labels, right.labels.cpu(), changed, num_classes=logits.shape[1]
        ),
        examples=tuple(examples),
        wall_s=monotonic() - started,
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


def _attack_all(
    attack: FeatureAttack,
    normalize: Normalize,
    finetuned: nn.Module,
    images: DeviceImages,
    reporter: Reporter,
) -> tuple[Tensor, list[Example]]:
    """Return the answers to all attacked images, int64 ``(N,)`` on the CPU, and some pairs."""
    generator = torch.Generator(images.labels.device).manual_seed(attack.settings.seed)
    batches = -(-len(images) // attack.settings.batch_size)
    answers, examples, wrong = [torch.empty(0, dtype=torch.int64)], list[Example](), 0
    with evaluation_mode(finetuned):
        for number, (clean, labels) in enumerate(images.in_order(attack.settings.batch_size)):
            reporter.raise_if_cancelled()
            start = torch.rand(clean.shape, generator=generator, device=clean.device)
            attacked = attack(normalize(clean), start) * normalize.std + normalize.mean
            with torch.inference_mode():
                answer = finetuned(attacked).argmax(dim=1)
            left = MAX_EXAMPLES - len(examples)
            examples += changed_examples(clean, attacked, labels, answer, at_most=left)
            answers.append(answer.cpu())
            wrong += int((answer != labels).sum())
            seen = min((number + 1) * attack.settings.batch_size, len(images))
            reporter.advance(STAGE, done=number + 1, total=batches, rate=wrong / seen)
    return torch.cat(answers), examples
