"""Whether a backdoor of a pre-trained network still works in a network that was made from it."""

from functools import partial
from time import monotonic

import torch
from torch import nn

from modelfoundry.cards import PlantedTrigger
from modelfoundry.data.images import ImageSet
from modelfoundry.evaluation.attack_settings import TriggerSettings
from modelfoundry.evaluation.changes import answer_changed, answer_clean
from modelfoundry.evaluation.robustness_report import TriggerReport
from modelfoundry.nn.trigger import stamp
from modelfoundry.progress import Reporter
from modelfoundry.training.loop import EVALUATION_BATCH

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
    clean = answer_clean(network, images, count=settings.images, seed=settings.seed, device=device)
    answers, examples = answer_changed(
        network,
        clean.right,
        partial(stamp, patch_share=planted.patch_share),
        batch_size=EVALUATION_BATCH,
        stage=STAGE,
        reporter=reporter,
    )
    fallen = torch.bincount(
        answers[answers != clean.right.labels.cpu()], minlength=clean.num_classes
    )
    return TriggerReport(
        attack="trigger",
        settings=settings,
        planted_class=planted.target_class,
        patch_share=planted.patch_share,
        drawn_to=int(fallen.argmax()) if fallen.any() else None,
        drawn=int(fallen.max()),
        examples=examples,
        wall_s=monotonic() - started,
        **clean.facts(answers),
    )
