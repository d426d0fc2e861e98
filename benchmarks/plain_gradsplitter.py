"""The published GradSplitter loop, rebuilt plainly, as the thing to be faster than.

Modules one after another in float32, a mask of its own for every layer of every module, batch
norm as a layer of its own, the retention recomputed over concatenated masks, epochs of heads that
run and differentiate the whole network, and a wait for the device in every step.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

ALPHA = 0.1
NUM_CONVOLUTIONS = 13


class Binarize(torch.autograd.Function):
    @staticmethod
    def forward(_ctx, mask):
        return (mask > 0).float()

    @staticmethod
    def backward(_ctx, grad):
        return grad.clamp(-1, 1)


class PlainSplitter(nn.Module):
    """SimCNN with the masks and heads of several modules."""

    def __init__(self, network: nn.Module, num_modules: int) -> None:
        super().__init__()
        self.network = network.eval().requires_grad_(requires_grad=False)
        layers = [network.get_submodule(f"conv_{number}") for number in range(NUM_CONVOLUTIONS)]
        self.masks = nn.ModuleList(
            nn.ParameterList(torch.ones(layer[0].out_channels) for layer in layers)
            for _ in range(num_modules)
        )
        self.module_heads = nn.ModuleList(
            nn.Sequential(nn.ReLU(), nn.Linear(10, 10), nn.ReLU(), nn.Linear(10, 1), nn.Sigmoid())
            for _ in range(num_modules)
        )

    def forward(self, images: Tensor) -> Tensor:
        scores = []
        for masks, head in zip(self.masks, self.module_heads, strict=True):
            hidden = images
            for number, mask in enumerate(masks):
                hidden = self.network.get_submodule(f"conv_{number}")(hidden)
                hidden = torch.einsum("j,ijkl->ijkl", Binarize.apply(mask), hidden)
                if number in (1, 3, 6, 9, 12):
                    hidden = self.network.pool(hidden)
            hidden = torch.relu(self.network.fc_13(self.network.flatten(hidden)))
            scores.append(head(self.network.fc_15(torch.relu(self.network.fc_14(hidden)))))
        return torch.cat(scores, dim=1)

    def retained(self) -> Tensor:
        return torch.cat([Binarize.apply(mask) for masks in self.masks for mask in masks]).mean()


class PlainSearch:
    def __init__(self, network: nn.Module, num_modules: int, device: torch.device) -> None:
        self.splitter = PlainSplitter(network, num_modules).to(device)
        heads = list(self.splitter.module_heads.parameters())
        self.optimizers = {
            "joint": torch.optim.Adam([*self.splitter.masks.parameters(), *heads], lr=0.001),
            "head": torch.optim.Adam(heads, lr=0.01),
        }

    def step(self, kind: str, images: Tensor, labels: Tensor) -> float:
        scores = self.splitter(images)
        loss = functional.cross_entropy(scores, labels)
        if kind == "joint":
            loss = loss + ALPHA * self.splitter.retained()
        self.splitter.zero_grad()
        loss.backward()
        self.optimizers[kind].step()
        return loss.item()

    def evaluate(self, images: Tensor) -> list[int]:
        with torch.no_grad():
            return self.splitter(images).argmax(dim=1).tolist()
