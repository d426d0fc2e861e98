"""Measure modules of each class beside their original, which answers only once for all."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.data.images import ImageSet
from modelfoundry.data.joint_problem import rows_against_the_rest
from modelfoundry.pipelines.found_modules import Accuracies, Original
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Judge:
    """Compares modules with the network they were cut out of, on its joint problem.

    Attributes:
        answers_validation: int64 ``(N,)``, the original's answers in outputs of the problem.
        answers_test: The same on the test part.
        device: Where modules are run.
    """

    original: Original
    answers_validation: Labels
    answers_test: Labels
    device: torch.device

    @classmethod
    def of(cls, original: Original, device: torch.device) -> "Judge":
        """Let the original answer on the validation and the test part."""
        whole, problem = original.whole().to(device), original.problem

        def answers(images: ImageSet) -> Labels:
            classes = predict(whole, DeviceImages(images, device=device)).argmax(dim=1).numpy()
            outputs: Labels = problem.answer_of_class[classes]
            return outputs

        return cls(original, answers(problem.validation), answers(problem.test), device)

    def judge(self, module: FoundModule, output: int) -> Accuracies:
        """Measure a binary module and the original on the question it answers.

        Args:
            output: Number of the module in the joint problem.
        """
        problem = self.original.problem
        of_validation = self._share_right(
            problem.validation, self.answers_validation, module, output
        )
        of_test = self._share_right(problem.test, self.answers_test, module, output)
        return Accuracies(
            original_validation=of_validation[0],
            original_test=of_test[0],
            module_validation=of_validation[1],
            module_test=of_test[1],
        )

    def _share_right(
        self, images: ImageSet, answers: Labels, module: FoundModule, output: int
    ) -> tuple[float, float]:
        rows = rows_against_the_rest(images.labels, output)
        asked = images.take(rows)
        logits = predict(module.network.to(self.device), DeviceImages(asked, device=self.device))
        is_so = asked.labels == output
        says_so = logits.argmax(dim=1).numpy() == 0
        original_says_so = answers[rows] == output
        return float((original_says_so == is_so).mean()), float((says_so == is_so).mean())
