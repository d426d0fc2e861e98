"""What is known of ImageNet before its images are here: classes, groups, folder names."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from modelfoundry.cards import DatasetCard
from modelfoundry.data.groups import class_groups

IMAGENET = "imagenet"
FACTS = Path(__file__).parent / "facts" / "imagenet.json"


def imagenet_card() -> DatasetCard:
    """Describe the 1,000 classes and their groups; the images are never ours to bring along."""
    facts = _facts()
    return DatasetCard(
        name=IMAGENET,
        title="ImageNet",
        classes=tuple(name for _, name in facts["classes"]),
        groups=class_groups(facts["groups"]),
        input_shape=(3, 224, 224),
        license="for non-commercial research and education, by the terms of image-net.org",
        source="O. Russakovsky et al., ImageNet Large Scale Visual Recognition Challenge, IJCV "
        f"2015. Groups: {facts['sources']['groups']}",
        how_to_get="modelfoundry data import imagenet FOLDER",
    )


def imagenet_folders() -> tuple[str, ...]:
    """Name the folder of each class in label order: its WordNet id, such as ``n01440764``."""
    return tuple(folder for folder, _ in _facts()["classes"])


@cache
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(FACTS.read_text(encoding="utf-8"))
    return facts
