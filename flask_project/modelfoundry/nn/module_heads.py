"""The heads of several modules, each from the logits of its network to one score, stacked."""

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

HIDDEN_UNITS = 10


class ModuleHeads(nn.Module):
    """N heads: ReLU, C to 10 units, ReLU, one output whose sigmoid is the module's score.

    Args:
        num_modules: N.
        num_classes: C, the logits of the network.

    Source:
        GradSplitter (Qi et al., TOSEM 2023), heads of modules. Differs: none.
    """

    def __init__(self, num_modules: int, num_classes: int) -> None:
        super().__init__()
        pairs = [
            (nn.Linear(num_classes, HIDDEN_UNITS), nn.Linear(HIDDEN_UNITS, 1))
            for _ in range(num_modules)
        ]
        self.weight_1 = _stacked([first.weight.T for first, _ in pairs])  # (N, C, 10)
        self.bias_1 = _stacked([first.bias[None] for first, _ in pairs])  # (N, 1, 10)
        self.weight_2 = _stacked([second.weight.T for _, second in pairs])  # (N, 10, 1)
        self.bias_2 = _stacked([second.bias[None] for _, second in pairs])  # (N, 1, 1)

    def forward(self, logits: Tensor) -> Tensor:
        """Map logits ``(N, B, C)`` to ``(B, N)``, whose sigmoid is the score; never in bfloat16."""
        with torch.autocast(logits.device.type, enabled=False):
            hidden = torch.baddbmm(self.bias_1, relu(logits.to(self.bias_1)), self.weight_1)
            outputs = torch.baddbmm(self.bias_2, relu(hidden), self.weight_2)
        return outputs.squeeze(2).T

    def extract(self, number: int) -> nn.Sequential:
        """Return one head as a plain network on the CPU.

        Its two logits are ``(t, 0)``, so that softmax gives the score, the sigmoid of ``t``.
        """
        parts = (self.weight_1, self.bias_1, self.weight_2, self.bias_2)
        weight_1, bias_1, weight_2, bias_2 = (part[number].detach().cpu() for part in parts)
        first, second = nn.Linear(*weight_1.shape), nn.Linear(len(weight_2), 2)
        with torch.no_grad():
            first.weight.copy_(weight_1.T)
            first.bias.copy_(bias_1[0])
            second.weight.zero_()[0] = weight_2[:, 0]
            second.bias.zero_()[0] = bias_2[0, 0]
        return nn.Sequential(nn.ReLU(), first, nn.ReLU(), second).to(weight_1.dtype)


def _stacked(values: list[Tensor]) -> nn.Parameter:
    return nn.Parameter(torch.stack([value.detach() for value in values]).contiguous())
