"""Whether a backdoor of a pre-trained network still works in a network that was made from it."""

from time import monotonic

import numpy as np
import torch
from torch import nn

from modelfoundry.cards import PlantedTrigger
from modelfoundry.data.images import ImageSet
from modelfoundry.data.splits import draw_images
from modelfoundry.evaluation.attack_settings import TriggerSettings
from modelfoundry.evaluation.changes import changes_per_class
from modelfoundry.evaluation.examples import MAX_EXAMPLES, changed_examples
from modelfoundry.evaluation.robustness_report import Example, TriggerReport
from modelfoundry.nn.trigger import stamp
from modelfoundry.progress import Reporter
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import EVALUATION_BATCH, evaluation_mode, predict

STAGE = "trigger"


def measure_trigger(
    network: nn.Module,
    images: ImageSet,
    *,
    planted: PlantedTrigger,
    settings: TriggerSettings,
    device: torch.device,
    reporter: Reporter,
) -> TriggerReport:
    """Stamp the trigger on images and count the answers that change.

    Args:
        network: Float images in 0-1 to the logits of the images' labels; moved to ``device``.
        images: With their labels.
        planted: In the pre-trained network.
        settings: On how many images.
        device: Where the network runs.
        reporter: Told of every batch.

    Raises:
        Cancelled: Between two batches, when the reporter says so.
    """
    started = monotonic()
    chosen = draw_images(images, settings.images, seed=settings.seed)
    network = network.to(device)
    logits = predict(network, DeviceImages(chosen, device=device))
    is_right = logits.argmax(dim=1).numpy() == chosen.labels
    right = DeviceImages(chosen.take(np.flatnonzero(is_right)), device=device)
    batches = -(-len(right) // EVALUATION_BATCH)
    answers, examples = [torch.empty(0, dtype=torch.int64)], list[Example]()
    with evaluation_mode(network), torch.inference_mode():
        for number, (clean, labels) in enumerate(right.in_order(EVALUATION_BATCH)):
            reporter.raise_if_cancelled()
            stamped = stamp(clean, patch_share=planted.patch_share)
            answer = network(stamped).argmax(dim=1)
            room = MAX_EXAMPLES - len(examples)
            examples += changed_examples(clean, stamped, labels, answer, at_most=room)
            answers.append(answer.cpu())
            reporter.advance(STAGE, done=number + 1, total=batches)
    labels, answer = right.labels.cpu(), torch.cat(answers)
    changed = answer != labels
    fallen = torch.bincount(answer[changed], minlength=logits.shape[1])
    return TriggerReport(
        attack="trigger",
        settings=settings,
        planted_class=planted.target_class,
        patch_share=planted.patch_share,
        images=len(chosen),
        attacked=len(right),
        changed=int(changed.sum()),
        rate=float(changed.double().mean()) if len(right) else None,
        clean_accuracy=float(is_right.mean()),
        drawn_to=int(fallen.argmax()) if changed.any() else None,
        drawn=int(fallen.max()),
        per_class=changes_per_class(chosen.labels, labels, changed, num_classes=len(fallen)),
        examples=tuple(examples),
        wall_s=monotonic() - started,
    )
