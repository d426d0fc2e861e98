"""The published SeaM training loop, rebuilt plainly, as the thing to be faster than.

Per-image PIL transforms in DataLoader workers, float32, one masked copy of each layer, the
retention recomputed over concatenated masks, three waits for the device a step, and a deep copy
of the whole network whenever an epoch is better.
"""

import copy

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

WORKERS = 2
ALPHA = 1.0


class Binarize(torch.autograd.Function):
    @staticmethod
    def forward(_ctx, mask):
        return (mask > 0).float()

    @staticmethod
    def backward(_ctx, grad):
        return grad.clamp(-1, 1)


class MaskedConv(nn.Conv2d):
    def forward(self, images: Tensor) -> Tensor:
        weight = self.weight * Binarize.apply(self.weight_mask)
        bias = None if self.bias is None else self.bias * Binarize.apply(self.bias_mask)
        return functional.conv2d(
            images, weight, bias, self.stride, self.padding, self.dilation, self.groups
        )


class MaskedLinear(nn.Linear):
    def forward(self, hidden: Tensor) -> Tensor:
        weight = self.weight * Binarize.apply(self.weight_mask)
        return functional.linear(hidden, weight, self.bias * Binarize.apply(self.bias_mask))


class PilImages(Dataset):
    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        self.images, self.labels = images.transpose(0, 2, 3, 1), labels
        self.transform = transforms.Compose(
            [
                transforms.RandomCrop(32, padding=4),
                transforms.RandomHorizontalFlip(),
                transforms.ToTensor(),
                transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2471, 0.2435, 0.2616)),
            ]
        )

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return self.transform(Image.fromarray(self.images[index])), int(self.labels[index])


class PlainSearch:
    def __init__(self, network: nn.Module, images, labels, *, batch_size, device) -> None:
        self.device = device
        self.network = with_masks_(network).to(device)
        self.masks = [p for name, p in network.named_parameters() if name.endswith("_mask")]
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(10, 2)).to(device)
        groups = [
            {"params": self.masks, "lr": 0.05},
            {"params": self.head.parameters(), "lr": 0.1},
        ]
        self.optimizer = torch.optim.Adam(groups)
        self.loader = DataLoader(
            PilImages(images, labels),
            batch_size,
            shuffle=True,
            num_workers=WORKERS,
            persistent_workers=True,
        )
        self.best = None

    def epoch(self) -> None:
        for batch in self.loader:
            images, labels = (tensor.to(self.device) for tensor in batch)
            logits = self.head(self.network(images))
            flat = torch.cat([Binarize.apply(mask).view(-1) for mask in self.masks])
            retention = flat.mean()
            loss = functional.cross_entropy(logits, labels)
            self.optimizer.zero_grad()
            (loss + ALPHA * retention).backward()
            self.optimizer.step()
            loss.item(), retention.item(), (logits.argmax(1) == labels).sum().item()
        self.best = copy.deepcopy(self.network).cpu()


def with_masks_(network: nn.Module) -> nn.Module:
    network.requires_grad_(requires_grad=False)
    for layer in list(network.modules()):
        if type(layer) not in (nn.Conv2d, nn.Linear):
            continue
        layer.__class__ = MaskedConv if type(layer) is nn.Conv2d else MaskedLinear
        layer.weight_mask = nn.Parameter(torch.ones_like(layer.weight))
        if layer.bias is not None:
            layer.bias_mask = nn.Parameter(torch.ones_like(layer.bias))
    return network.eval()
