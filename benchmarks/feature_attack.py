"""Speed of the attack that finds inherited defects, beside the published loop rebuilt plainly.

    python benchmarks/feature_attack.py [--model resnet20-digits] [--images 256] [--rounds 3]

The network is attacked for itself, on the test images of its data set. Plain: every image, the
whole network with its batch norm, float32, gradients of all weights too. Both are timed in turns
in one process; the rates say whether float32, bfloat16 and the plain loop find the same.
"""

import argparse
import statistics
import time

import torch
from torch import Tensor, nn

from modelfoundry.catalog.datasets import load_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.data.images import ImageSet
from modelfoundry.data.splits import draw_images
from modelfoundry.evaluation.attack_settings import AttackSettings
from modelfoundry.evaluation.inherited_defects import measure_inheritance
from modelfoundry.evaluation.robustness_report import InheritanceReport
from modelfoundry.nn.features import feature_layer
from modelfoundry.pipelines.reuse.networks import open_model
from modelfoundry.progress import SilentReporter
from modelfoundry.settings import Settings
from modelfoundry.training.device import best_device

BATCH_SIZE = 128
LOW, HIGH, BUDGET, STEP, STEPS = -2.2, 2.2, 0.1, 0.01, 40


def plain_rate(whole: nn.Sequential, images: ImageSet) -> float:
    """Attack as published and return the share of right answers that changed."""
    device = best_device()
    normalize, network = whole.to(device)
    kept: list[Tensor] = []
    layer = network.get_submodule(feature_layer(network, normalize(unit(images, device))[:1]))
    hook = layer.register_forward_pre_hook(lambda _, inputs: kept.append(inputs[0]))
    right = changed = 0
    for start in range(0, len(images), BATCH_SIZE):
        batch = ImageSet(
            images.images[start : start + BATCH_SIZE], images.labels[start : start + BATCH_SIZE]
        )
        clean, labels = normalize(unit(batch, device)), torch.from_numpy(batch.labels).to(device)
        delta = torch.empty_like(clean).uniform_(-BUDGET, BUDGET)
        delta = (clean + delta).clamp(LOW, HIGH) - clean
        for _ in range(STEPS):
            delta = delta.detach().requires_grad_()
            kept.clear()
            network(clean + delta)
            goal = torch.zeros_like(kept[0])
            goal[:, 0] = 1000
            away = (kept[0] - goal).square()
            network.zero_grad()
            (away[:, 0].mean() + 0.1 * away[:, 1:].mean()).backward()
            delta = (delta.detach() - STEP * delta.grad.sign()).clamp(-BUDGET, BUDGET)
            delta = (clean + delta).clamp(LOW, HIGH) - clean
        with torch.no_grad():
            is_right = network(clean).argmax(dim=1) == labels
            is_changed = network(clean + delta).argmax(dim=1) != labels
        right += int(is_right.sum())
        changed += int((is_right & is_changed).sum())
    hook.remove()
    return changed / right


def our_report(whole: nn.Sequential, images: ImageSet, precision: str) -> InheritanceReport:
    settings = AttackSettings.model_validate({"precision": precision, "batch_size": BATCH_SIZE})
    return measure_inheritance(
        whole, whole, images, settings=settings, device=best_device(), reporter=SilentReporter()
    )


def unit(images: ImageSet, device: torch.device) -> Tensor:
    return torch.from_numpy(images.images.copy()).to(device).float() / 255


def timed(work) -> tuple[float, float]:
    started = time.perf_counter()
    rate = work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started, rate


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="resnet20-digits")
    parser.add_argument("--images", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    home = Settings.from_environment().home
    model = find_model(home, arguments.model)
    test = load_dataset(home, model.dataset).test.whole()
    images = draw_images(test, arguments.images, seed=0)
    whole = open_model(home, model)
    ways = {
        "plain float32": lambda: plain_rate(whole, images),
        "ours float32": lambda: our_report(whole, images, "float32").rate,
        "ours bfloat16": lambda: our_report(whole, images, "bfloat16").rate,
    }
    our_report(whole, draw_images(images, 8, seed=0), "bfloat16")  # loads and warms up
    rounds = [{way: timed(work) for way, work in ways.items()} for _ in range(arguments.rounds)]
    report = our_report(whole, draw_images(images, 32, seed=0), "auto")
    print(
        f"{model.name}, {len(images)} images, {torch.get_num_threads()} CPU threads; "
        f"signs equal in bfloat16: {report.sign_agreement}; auto takes {report.precision}"
    )
    for way in ways:
        ratios = sorted(each["plain float32"][0] / each[way][0] for each in rounds)
        rate = statistics.mean(each[way][1] for each in rounds)
        print(
            f"{way:14} {statistics.median(ratios):5.2f} times as fast as plain "
            f"(from {ratios[0]:.2f} to {ratios[-1]:.2f})   rate {rate:.2%}"
        )


if __name__ == "__main__":
    main()
