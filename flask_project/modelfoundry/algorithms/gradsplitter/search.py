"""The parts of a GradSplitter search: split network, optimizers and the kinds of epoch."""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from modelfoundry.algorithms.gradsplitter.config import GradSplitterConfig
from modelfoundry.algorithms.gradsplitter.selection import fewest
from modelfoundry.algorithms.stage import Candidate
from modelfoundry.nn.masking import PackedMask
from modelfoundry.nn.split_network import HeadsAlone, SplitNetwork
from modelfoundry.progress import Reporter
from modelfoundry.training.checkpoint import State
from modelfoundry.training.device import training_dtype
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import cross_entropy_of, make_phase, train_epoch
from modelfoundry.training.optimizers import adam, restart_
from modelfoundry.training.schedule import rate_setter
from modelfoundry.training.stored_logits import StoredLogits

UNCHANGED = Augmentation(crop=False, flip=False)


@dataclass(frozen=True)
class Task:
    """What a search is about.

    Attributes:
        base_accuracy: The original's on the validation part, 0-1.
    """

    train: DeviceImages
    validation: DeviceImages
    config: GradSplitterConfig
    base_accuracy: float
    device: torch.device
    reporter: Reporter


class Search:
    """Masks and heads of a split network while they are trained.

    While the heads alone are trained, what the network says of an image does not change, so it
    is computed once for all those epochs; so it is for the validation images.

    Attributes:
        network: Float images in 0-1 to scores, through the masks; on the task's device.
    """

    def __init__(self, network: SplitNetwork, task: Task) -> None:
        self.network = network
        self._task = task
        config, device = task.config, task.device
        self._dtype = training_dtype(config.precision, device)
        heads = list(network.heads.parameters())
        alone = HeadsAlone(network)
        trained = {
            "first": (alone, [heads], config.lr_first_head),
            "joint": (network, [[network.logits], heads], config.lr_joint),
            "head": (alone, [heads], config.lr_head),
        }
        self.optimizers = {
            name: adam(groups, device=device) for name, (_, groups, _) in trained.items()
        }
        self._phases = {
            name: make_phase(
                cross_entropy_of(part),
                self.optimizers[name],
                dtype=self._dtype,
                device=device,
                set_rates=rate_setter(
                    self.optimizers[name],
                    schedule="constant",
                    peaks=[rate] * len(groups),
                    total_steps=1,
                ),
            )
            for name, (part, groups, rate) in trained.items()
        }
        self._runs = runs(config)
        self._run = -1
        self._stored: StoredLogits | None = None
        self._of_validation: Tensor | None = None

    def train(self, epoch: int, generator: torch.Generator) -> float:
        """Train for an epoch, counted from 0, and return the mean loss."""
        run, name = self._runs[epoch]
        if run != self._run:
            restart_(self.optimizers[name])
            self._run = run
        self.network.train()
        if name == "joint":
            self.forget_logits()
        elif self._stored is None:
            logits = self._logits(self._task.train, dtype=self._dtype)
            self._stored = StoredLogits(logits, self._task.train.labels)
        return train_epoch(
            self._phases[name],
            self._task.train if self._stored is None else self._stored,
            epoch=epoch,
            batch_size=self._task.config.batch_size,
            augmentation=UNCHANGED,
            generator=generator,
            reporter=self._task.reporter,
        )

    def measure(self, epoch: int) -> Candidate:
        """Take down the present state as the candidate of an epoch, counted from 1."""
        network, labels = self.network, self._task.validation.labels
        is_right = self._validation_scores().argmax(dim=1) == labels
        heads = {name: value.cpu().clone() for name, value in network.heads.state_dict().items()}
        kernels = network.kernels_kept()
        return Candidate(
            epoch=epoch,
            accuracy=float(is_right.double().mean()),
            retained_ratio=float(kernels.double().mean()) / network.num_kernels,
            content={
                "open": asdict(PackedMask.pack(network.is_open().flatten())),
                "heads": heads,
            },
            reported={
                "kernels": kernels.double().tolist(),
                "recalls": _means_by_label(is_right, labels, len(kernels)).tolist(),
            },
        )

    def forget_logits(self) -> None:
        """Drop what the network said of images; due whenever the masks change."""
        self._stored = self._of_validation = None

    def final_scores(self) -> Tensor:
        """Return the scores of the validation images in float32, ``(images, N)``."""
        with torch.no_grad():
            return self.network.scores(self._logits(self._task.validation, dtype=torch.float32))

    def _validation_scores(self) -> Tensor:
        """Return them in the arithmetic of the search, which is enough to choose an epoch by."""
        if self._of_validation is None:
            self._of_validation = self._logits(self._task.validation, dtype=self._dtype)
        with torch.no_grad():
            return self.network.scores(self._of_validation)

    def better(self, new: Candidate, old: Candidate | None) -> Candidate:
        """Return the one of two candidates that should become the modules."""
        least = self._task.base_accuracy - self._task.config.tolerance
        return fewest(new, old, least_accuracy=least)

    def state(self) -> State:
        """Return everything that training changes."""
        return {
            "run": self._run,
            "logits": self.network.logits.detach(),
            "heads": self.network.heads.state_dict(),
            "optimizers": {name: each.state_dict() for name, each in self.optimizers.items()},
        }

    def restore(self, state: State) -> None:
        """Put back what :meth:`state` returned."""
        self._run = state["run"]
        self._set_(state["logits"], state["heads"])
        for name, optimizer in self.optimizers.items():
            optimizer.load_state_dict(state["optimizers"][name])

    def put_back(self, chosen: Candidate) -> None:
        """Give masks and heads the values of a candidate."""
        is_open = PackedMask(**chosen.content["open"]).unpack().view(self.network.logits.shape)
        self._set_(is_open * 2.0 - 1.0, chosen.content["heads"])

    def _set_(self, logits: Tensor, heads: State) -> None:
        with torch.no_grad():
            self.network.logits.copy_(logits)
        self.network.heads.load_state_dict(heads)
        self.forget_logits()

    def _logits(self, images: DeviceImages, *, dtype: torch.dtype) -> Tensor:
        """Return what the network says of images through each mask, ``(N, images, K)``."""
        parts = []
        with torch.autocast(
            self._task.device.type, dtype=dtype, enabled=dtype is not torch.float32
        ):
            for inputs, _ in images.in_order(self._task.config.batch_size):
                self._task.reporter.raise_if_cancelled()
                parts.append(self.network.settled_logits(inputs))
        return torch.cat(parts, dim=1)


def runs(config: GradSplitterConfig) -> list[tuple[int, str]]:
    """Say for every epoch which run of epochs of one kind it belongs to, and the kind."""
    lengths = [
        ("first", config.first_head_epochs),
        *[("joint", config.joint_epochs), ("head", config.head_epochs)] * config.cycles,
    ]
    return [(run, name) for run, (name, length) in enumerate(lengths) for _ in range(length)]


def _means_by_label(values: Tensor, labels: Tensor, num_labels: int) -> Tensor:
    """Return the mean of boolean values for each label; NaN where a label has no image."""
    counts = torch.bincount(labels, minlength=num_labels)
    return torch.bincount(labels, values.double(), minlength=num_labels) / counts
