"""Which right answers of a network change when its images do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from modelfoundry.data.images import ImageSet
from modelfoundry.data.splits import draw_images
from modelfoundry.evaluation.examples import MAX_EXAMPLES, changed_examples
from modelfoundry.evaluation.robustness_report import Changes, Example
from modelfoundry.progress import Reporter
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import evaluation_mode, predict


@dataclass(frozen=True)
class Clean:
    """What a network says of images before they are changed.

    Attributes:
        labels: Of all images that were looked at, int64 ``(N,)``.
        first: Some of the images, float32 in 0-1.
        right: Those that are answered rightly.
        num_classes: That the network tells apart.
    """

    labels: npt.NDArray[np.int64]
    first: Tensor
    right: DeviceImages
    num_classes: int

    def facts(self, answers: Tensor, counted: Tensor | None = None) -> dict[str, Any]:
        """Return what every report says of changed answers; see ``ChangesReport``.

        Args:
            answers: To the changed images, int64 ``(N,)``, in the order of ``right``.
            counted: Which of them count, boolean ``(N,)``; all if absent.
        """
        labels = self.right.labels.cpu()
        if counted is not None:
            labels, answers = labels[counted], answers[counted]
        changed = answers != labels
        counts = (
            torch.bincount(each, minlength=self.num_classes).tolist()
            for each in (torch.from_numpy(self.labels), labels, labels[changed])
        )
        return {
            "images": len(self.labels),
            "attacked": len(labels),
            "changed": int(changed.sum()),
            "rate": float(changed.double().mean()) if len(labels) else None,
            "clean_accuracy": len(self.right) / len(self.labels),
            "per_class": tuple(
                Changes(images=every, attacked=right, changed=wrong)
                for every, right, wrong in zip(*counts, strict=True)
            ),
        }


def answer_clean(
    network: nn.Module,
    images: ImageSet,
    *,
    count: int | None,
    seed: int,
    device: torch.device,
    num_first: int = 1,
) -> Clean:
    """Ask a network about images as they are.

    Args:
        network: Float images in 0-1 to the logits of the images' labels; moved to ``device``.
        images: With their labels.
        count: How many to draw; all if None.
        seed: Decides which.
        device: Where the network runs.
        num_first: How many images to return as they are, at most.
    """
    chosen = draw_images(images, count, seed=seed)
    served = DeviceImages(chosen, device=device)
    logits = predict(network.to(device), served)
    is_right = logits.argmax(dim=1).numpy() == chosen.labels
    right = DeviceImages(chosen.take(np.flatnonzero(is_right)), device=device)
    first = served.first(min(len(served), num_first))
    return Clean(chosen.labels, first, right, num_classes=logits.shape[1])


def answer_changed(
    network: nn.Module,
    images: DeviceImages,
    change: Callable[[Tensor], Tensor],
    *,
    batch_size: int,
    stage: str,
    reporter: Reporter,
) -> tuple[Tensor, tuple[Example, ...]]:
    """Change images batch by batch and ask a network about them.

    Args:
        network: On the device of ``images``.
        images: That it answers rightly.
        change: Float32 images ``(N, C, H, W)`` in 0-1 to changed ones.
        batch_size: Images at once.
        stage: Under which progress is told, with the share of changed answers so far.
        reporter: Told of every batch.

    Returns:
        The answers, int64 ``(N,)`` on the CPU, and the first images whose answer is another one.

    Raises:
        Cancelled: Between two batches, when the reporter says so.
    """
    batches = -(-len(images) // batch_size)
    answers, examples, wrong = [torch.empty(0, dtype=torch.int64)], list[Example](), 0
    with evaluation_mode(network):
        for number, (clean, labels) in enumerate(images.in_order(batch_size)):
            reporter.raise_if_cancelled()
            changed = change(clean)
            with torch.inference_mode():
                answer = network(changed).argmax(dim=1)
            room = MAX_EXAMPLES - len(examples)
            examples += changed_examples(clean, changed, labels, answer, at_most=room)
            answers.append(answer.cpu())
            wrong += int((answer != labels).sum())
            seen = min((number + 1) * batch_size, len(images))
            reporter.advance(stage, done=number + 1, total=batches, rate=wrong / seen)
    return torch.cat(answers), tuple(examples)
