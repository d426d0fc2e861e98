"""Inputs that wake neurons a network seldom uses, found on one network, asked of another.

Source: J. Guo et al., DLFuzz: Differential Fuzzing Testing of Deep Learning Systems, ESEC/FSE 2018;
how active a neuron is: K. Pei et al., DeepXplore, SOSP 2017. Differs: docs/methods.md,
"Robustness".
"""

from functools import partial
from time import monotonic

import torch
from torch import Tensor, nn

from modelfoundry.data.images import ImageSet
from modelfoundry.evaluation.attack_settings import CoverageSettings
from modelfoundry.evaluation.changes import answer_changed, answer_clean
from modelfoundry.evaluation.projected_descent import Reach, descend
from modelfoundry.evaluation.robustness_report import CoverageReport
from modelfoundry.nn.neurons import WatchedNetwork
from modelfoundry.progress import Reporter

STAGE = "neurons"
STEP_SHARE = 0.1  # of the budget
# Logits by which another answer may lead; beyond, only neurons count.
ENOUGH_LEAD = 1.0
# Of the step at the threshold, which has no gradient by itself.
STEEPNESS = 10.0


def measure_coverage(
    pretrained: nn.Module,
    finetuned: nn.Module,
    images: ImageSet,
    *,
    settings: CoverageSettings,
    device: torch.device,
    reporter: Reporter,
) -> CoverageReport:
    """Find inputs that mislead the pre-trained network and wake its neurons; ask the other one.

    Args:
        pretrained: Float images in 0-1 to any logits; moved to ``device`` and frozen.
        finetuned: Float images in 0-1 to the logits of the images' labels; moved to ``device``.
        images: With their labels.
        settings: Of the search.
        device: Where both networks run.
        reporter: Told of every batch.

    Raises:
        Cancelled: Between two batches, when the reporter says so.
        InvalidInputError: The pre-trained network has no neurons between its layers.
    """
    started = monotonic()
    clean = answer_clean(
        finetuned, images, count=settings.images, seed=settings.seed, device=device
    )
    watched = WatchedNetwork(pretrained.to(device).eval().requires_grad_(requires_grad=False))
    generator = torch.Generator(device).manual_seed(settings.seed)
    is_found = [torch.empty(0, dtype=torch.bool)]
    active_clean, active_changed = [torch.empty(0)], [torch.empty(0)]

    def change(batch: Tensor) -> Tensor:
        start = torch.rand(batch.shape, generator=generator, device=device)
        changed = search(watched, batch, start, settings)
        with torch.no_grad():
            before, after = watched(batch), watched(changed)
        misleads = before[0].argmax(dim=1) != after[0].argmax(dim=1)
        is_found.append(misleads.cpu())
        active_clean.append((before[1] > settings.threshold).float().mean(dim=1).cpu())
        active_changed.append((after[1] > settings.threshold).float().mean(dim=1).cpu())
        # What misleads nobody is no such input; the image stays as it is.
        return torch.where(misleads[:, None, None, None], changed, batch)

    answers, examples = answer_changed(
        finetuned,
        clean.right,
        change,
        batch_size=settings.batch_size,
        stage=STAGE,
        reporter=reporter,
    )
    found = torch.cat(is_found)
    return CoverageReport(
        attack="coverage",
        settings=settings,
        tried=len(found),
        coverage_clean=_mean(torch.cat(active_clean)[found]),
        coverage_attacked=_mean(torch.cat(active_changed)[found]),
        examples=examples,
        wall_s=monotonic() - started,
        **clean.facts(answers, found),
    )


def search(
    watched: WatchedNetwork, clean: Tensor, start: Tensor, settings: CoverageSettings
) -> Tensor:
    """Change images so that the answer is another one and neurons that were not active are.

    Args:
        watched: Frozen.
        clean: Images in 0-1, ``(N, C, H, W)``.
        start: Random numbers in 0-1 of the same shape: where in the budget to begin.
        settings: Of the search.
    """
    with torch.no_grad():
        answers = watched(clean)[0].argmax(dim=1)
    budget = settings.budget
    reach = Reach(budget, STEP_SHARE * budget, settings.steps, low=0.0, high=1.0)
    return descend(clean, start, reach, partial(_gradient, watched, answers, settings))


def _gradient(
    watched: WatchedNetwork, answers: Tensor, settings: CoverageSettings, images: Tensor
) -> Tensor:
    """Return the gradient of what is to become small, by the pixels."""
    images = images.detach().requires_grad_()
    logits, activity = watched(images)
    own = logits.gather(1, answers[:, None]).squeeze(1)
    others = logits.scatter(1, answers[:, None], -torch.inf).amax(dim=1)
    active = (STEEPNESS * (activity - settings.threshold)).sigmoid().mean(dim=1)
    loss = (own - others).clamp(min=-ENOUGH_LEAD) - settings.weight * active
    gradient, *_ = torch.autograd.grad(loss.sum(), images)
    return gradient


def _mean(values: Tensor) -> float | None:
    return float(values.double().mean()) if len(values) else None
