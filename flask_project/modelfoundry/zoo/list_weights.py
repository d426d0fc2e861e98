"""Write down a library's ImageNet weights: ``python -m modelfoundry.zoo.list_weights timm``.

Of every network, the weights that the library takes by default come first.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import timm
from torchvision import models

from modelfoundry.zoo.list_names import names_of
from modelfoundry.zoo.names import library_architectures
from modelfoundry.zoo.published import IMAGENET_CLASSES, weights_file

TORCHVISION_LICENSE = "bsd-3-clause"
# With weights, torchvision lets these two change the usual normalisation of ImageNet into this.
HALVES = (0.5, 0.5, 0.5)
RENORMALIZED = ("googlenet", "inception_v3")


def main() -> None:
    """Write the file of the library named on the command line."""
    library = sys.argv[1]
    rows = _torchvision() if library == "torchvision" else _timm()
    lines = [
        f"# Weights of {library} {version(library)}, written by modelfoundry.zoo.list_weights:",
        "# network, weights, mean, standard deviation, license, address",
        *(" ".join(row) for row in rows),
    ]
    weights_file(library).write_text("\n".join(lines) + "\n")


def _torchvision() -> Iterator[tuple[str, ...]]:
    architectures = library_architectures()
    for name in names_of("torchvision"):
        offered = list(models.get_model_weights(name))
        default = models.get_model_weights(name).DEFAULT
        architecture = architectures[f"torchvision/{name}"]
        for weights in sorted(offered, key=lambda weights: weights is not default):
            transform = weights.transforms()
            (side,) = transform.crop_size
            if architecture.smallest_side is None and side != architecture.input_shape[-1]:
                continue  # for another size of the same network
            mean, std = transform.mean, transform.std
            if name in RENORMALIZED:
                mean = std = HALVES
            yield name, weights.name, _joined(mean), _joined(std), TORCHVISION_LICENSE, weights.url


def _timm() -> Iterator[tuple[str, ...]]:
    for name in names_of("timm"):
        default = timm.get_pretrained_cfg(name)
        offered: list[Any] = [timm.get_pretrained_cfg(n) for n in timm.list_pretrained(f"{name}.*")]
        offered.sort(key=lambda config: _tag(config) != _tag(default))
        for config in offered:
            address = _timm_address(config)
            if address and config.num_classes == IMAGENET_CLASSES and not config.custom_load:
                license_ = config.license or "unknown"
                yield (
                    name,
                    _tag(config),
                    _joined(config.mean),
                    _joined(config.std),
                    license_,
                    address,
                )


def _timm_address(config: Any) -> str:
    if config.hf_hub_id:
        return f"https://huggingface.co/{config.hf_hub_id}/resolve/main/model.safetensors"
    return config.url or ""


def _tag(config: Any) -> str:
    return config.tag or "default"


def _joined(numbers: Any) -> str:
    return ",".join(map(str, numbers))


if __name__ == "__main__":
    main()
