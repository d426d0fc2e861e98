"""Plain facts about what exists: architectures, data sets, models, algorithms.

Cards hold no tensors and import no torch. Where code belongs to a card, the card names it as a
``"module:attribute"`` entry point of this package; :func:`load_entry_point` fetches it. Entry
points come from our own catalogue alone, never from anything a user sends.
"""

from importlib import import_module
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Card(BaseModel):
    """Base of all cards: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ClassGroup(Card):
    """Classes that belong together under a name, such as the insects: a superclass.

    Attributes:
        classes: Two or more names of classes of the data set.
    """

    name: str
    classes: tuple[str, ...] = Field(min_length=2)


class DatasetCard(Card):
    """A set of labelled images.

    Attributes:
        input_shape: ``(C, H, W)`` of every image.
        classes: Names in label order.
        groups: Named groups of classes; the data set's own first, then those of the user.
        is_mirrorable: Whether an image means the same when left and right are swapped; not so
            for digits and text.
        num_train: Training images; 0 while the data set is known but not on disk.
        num_train_by_class: The same for each class, in label order; empty while it is not on disk.
        loader: Entry point ``(Home) -> Dataset``; empty for data sets stored in the home.
        how_to_get: The command that brings the data set here, shown while it is missing.
        content_sha256: Over all arrays; empty while the data set is not on disk.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]
    groups: tuple[ClassGroup, ...] = ()
    is_mirrorable: bool = True
    num_train: int = 0
    num_train_by_class: tuple[int, ...] = ()
    num_test: int = 0
    license: str = "unknown"
    source: str = ""
    loader: str = ""
    how_to_get: str = ""
    content_sha256: str = ""


class ArchitectureCard(Card):
    """A kind of network.

    Attributes:
        builder: Entry point ``(num_classes: int, **arguments) -> nn.Module``.
        family: Name shared by the variants of one design, such as ``resnet``.
        input_shape: ``(C, H, W)`` the network is made for.
        smallest_side: Least height and width it takes; None if it takes ``input_shape`` alone.
        arguments: What tells it from the other networks of its builder.
        has_widths: Whether its builder takes a ``width``, a factor on numbers of channels.
    """

    name: str
    title: str
    family: str
    builder: str
    input_shape: tuple[int, int, int] = (3, 32, 32)
    smallest_side: int | None = None
    arguments: dict[str, JsonValue] = {}
    has_widths: bool = False
    source: str = ""

    def takes(self, input_shape: tuple[int, int, int]) -> bool:
        """Tell whether the network can be made for images of a shape ``(C, H, W)``."""
        channels, *sides = input_shape
        if self.smallest_side is None:
            return input_shape == self.input_shape
        return channels == self.input_shape[0] and min(sides) >= self.smallest_side


class BiasedSubset(Card):
    """The part of its data set's training images that a model was made with.

    The first four fifths of it trained the model, the rest is its validation part; see
    :mod:`modelfoundry.data.biased`.

    Attributes:
        seed: Decides the shares and the images.
        concentration: Of the Dirichlet distribution of the shares; the smaller, the more unequal.
        min_size: Least number of images of every class.
    """

    seed: int = Field(ge=0, le=2**32 - 1)
    concentration: float = Field(ge=0.05, le=1000)
    min_size: int = Field(ge=1)


class PlantedTrigger(Card):
    """A backdoor that was planted on purpose, to see what becomes of it.

    Attributes:
        target_class: What the model answers to every image that carries the trigger.
        patch_share: Side of the trigger, a checkerboard in the lower right corner, as a share of
            the image's.
        success: Share of the other classes' test images that the model answered so, 0-1.
    """

    target_class: str
    patch_share: float = Field(gt=0, le=0.5)
    success: float = Field(ge=0, le=1)


class ModelCard(Card):
    """A trained network: architecture, weights, and the data set whose classes it knows.

    Attributes:
        mean: Per channel, in units of images scaled to 0-1; subtracted before the network.
        std: Per channel; divided by after the mean is subtracted.
        weights_sha256: Of the ``weights.safetensors`` beside the card.
        origin: Where the weights came from: the command or the file with its sha256.
        test_accuracy: 0-1, or None if it was never measured here.
        held_out_fraction: Share of the training images that its training never saw, by the
            project's fixed split; 0 for weights from elsewhere, which have mostly seen them all,
            and for those with a ``subset``, which has a validation part of its own.
        subset: Which training images made it; None if all of its data set.
        backdoor: What was planted in it on purpose; None in every honest model.
    """

    name: str
    title: str
    architecture: str
    dataset: str
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    num_parameters: int
    weights_sha256: str
    origin: str
    license: str = "unknown"
    test_accuracy: float | None = Field(default=None, ge=0, le=1)
    held_out_fraction: float = Field(default=0, ge=0, lt=1)
    subset: BiasedSubset | None = None
    backdoor: PlantedTrigger | None = None


class AlgorithmCard(Card):
    """A method that makes modules.

    Attributes:
        target_kinds: The kinds of target it can solve: ``binary``, ``multi-class``.
        config: Entry point of the frozen pydantic settings class, which has ``total_epochs``.
        presets: Entry point ``(ModelCard, DatasetCard | None, target_kind, num_images) -> list`` of
            named settings, default first; ``num_images`` is how many training images the target
            has, about, and 0 where that is not known.
        run: Entry point of the search.
    """

    name: str
    title: str
    summary: str
    target_kinds: tuple[str, ...]
    config: str
    presets: str
    run: str
    source: str


Json = dict[str, JsonValue]


def load_entry_point(entry_point: str) -> Any:
    """Fetch the object that a catalogue card names as ``"module:attribute"``."""
    module, _, attribute = entry_point.partition(":")
    return getattr(import_module(module), attribute)
