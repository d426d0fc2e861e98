"""What a fine-tuning starts from."""

from dataclasses import dataclass

from torch import nn

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.data.fitting import fit_dataset
from modelfoundry.data.images import ImageSet
from modelfoundry.data.problem import hold_out
from modelfoundry.nn.normalize import Normalize, with_normalization
from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.pipelines.found_modules import load_network
from modelfoundry.settings import Home


@dataclass(frozen=True)
class Subject:
    """What is fine-tuned, and the images it is fine-tuned to, in the size that it takes.

    Attributes:
        network: Normalised images to the logits of the model's own classes.
        train: Learnt from.
        validation: Decides which epochs are kept, and which threshold is suggested.
        test: Reports, once everything is chosen.
    """

    model: ModelCard
    dataset: DatasetCard
    network: nn.Module
    train: ImageSet
    validation: ImageSet
    test: ImageSet

    @property
    def normalize(self) -> Normalize:
        """Turns images in 0-1 into what the network takes."""
        return Normalize(self.model.mean, self.model.std)

    @property
    def pretrained(self) -> nn.Module:
        """Maps images in 0-1 to the logits of the model's own classes."""
        return with_normalization(self.normalize, self.network)


def load_subject(plan: FinetunePlan, home: Home) -> Subject:
    """Load what a plan names; training images are held out for validation.

    Raises:
        GoneError: The weights of the model have been deleted.
    """
    model = find_model(home, plan.model)
    data = fit_dataset(load_dataset(home, plan.dataset), model.input_shape)
    train, validation = hold_out(data.train, plan.config.validation_fraction)
    return Subject(
        model=model,
        dataset=find_dataset(home, plan.dataset),
        network=load_network(home, model),
        train=train,
        validation=validation,
        test=data.test.whole(),
    )
