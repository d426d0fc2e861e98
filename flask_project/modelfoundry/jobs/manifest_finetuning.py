"""What a manifest says of a fine-tuning, and of the defects that came along."""

from pydantic import JsonValue

from modelfoundry.jobs.facts import Count, Facts, Share


class ManifestFinetuningStep(Facts):
    """One step; ``chosen_epoch`` counts from 1 over all steps, ``accuracy_validation`` is 0-1."""

    name: str
    epochs: Count
    chosen_epoch: Count
    accuracy_validation: Share
    wall_s: float


class ManifestInheritance(Facts):
    """Defects inherited from the pre-trained model, on the test images.

    ``rate`` is the share of ``attacked`` images, those answered rightly while clean, whose answer
    the attack on the pre-trained model has ``changed``; null if there were none. ``settings`` are
    those of the attack.
    """

    rate: Share | None
    attacked: Count
    changed: Count
    clean_accuracy: Share
    settings: dict[str, JsonValue]


class ManifestFinetuning(Facts):
    """How a pre-trained model was fine-tuned.

    ``how`` is seam, standard or scratch; ``retained_ratio`` is the share of its weights before the
    output layer that the fine-tuning started from, 0-1. ``resized_from`` is the shape of the data
    set's own images where they were scaled to the model's. The network that the module is compared
    with, ``measures.original``, is the pre-trained one with nothing but a new output layer.
    """

    how: str
    prune_threshold: float | None
    retained_ratio: Share
    resized_from: list[int] | None
    compared_with: str
    steps: list[ManifestFinetuningStep]
    inherited: ManifestInheritance | None
