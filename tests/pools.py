"""Data folders with modules to be put together, and what a job would find of them."""

from typing import Any

from modelfoundry.settings import Home
from tests.homes import DIGITS, add_bundle, manifest


def add_pool(home: Home, model: str = "toy", classes: tuple[str, ...] = DIGITS) -> list[str]:
    """Write a binary module of a model on the digits for each of some classes; return the ids."""
    return [_add_module(home, model, name) for name in classes]


def more_accurate_result(pool: list[str]) -> dict[str, Any]:
    """Make what a job found of modules for the first digits, of which the second has no F1."""
    rated = [
        {
            "module": module,
            "class": name,
            "dataset": "digits",
            "model": "toy",
            "architecture": "cnn-small",
            "f1": 0.75 if name != "1" else None,
            "kernels_kept": 12,
        }
        for name, module in zip(DIGITS, pool, strict=False)
    ]
    return {
        "method": "more-accurate",
        "classes": list(DIGITS[: len(pool)]),
        "pool": rated,
        "options": [
            {"rule": rule, "modules": pool, "accuracy_validation": share, "accuracy_test": 0.5}
            for rule, share in (("published", 0.625), ("calibrated", 0.6875), ("greedy", 0.6875))
        ],
        "chosen_rule": "calibrated",
        "singles": [{"model": "toy", "accuracy_validation": 0.5, "accuracy_test": 0.4375}],
        "best_single": "toy",
        "module": "toy-composed-00000000",
    }


def _add_module(home: Home, model: str, name: str) -> str:
    module_id = f"{model}-{name}-0a1b2c3d"
    made_up = manifest(module_id)
    weights = {
        "name": "module.safetensors",
        "format": "safetensors",
        "size_bytes": 1,
        "sha256": name * 64,
    }
    add_bundle(
        home,
        module_id,
        algorithm="gradsplitter",
        title=name,
        target=made_up["target"] | {"classes": [name], "outputs": [name, f"not {name}"]},
        model=made_up["model"] | {"name": model},
        files=[weights],
    )
    return module_id
