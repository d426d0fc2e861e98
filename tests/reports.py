"""Reports on robustness, made up."""

from datetime import UTC, datetime
from typing import Any

from modelfoundry.evaluation.robustness_store import Robustness

EXAMPLE = {
    "label": 0,
    "clean_answer": 0,
    "attacked_answer": 1,
    "clean_png": "Y2xlYW4=",
    "attacked_png": "YXR0YWNrZWQ=",
}


def inherited(module: str, **facts: Any) -> Robustness:
    """Make the report of a module of two classes: 3 of 4 images right, 1 answer changed."""
    per_class = (
        {"images": 2, "attacked": 2, "changed": 1},
        {"images": 2, "attacked": 1, "changed": 0},
    )
    return _about(
        module,
        {
            "attack": "inherited",
            "settings": {},
            "clip": (-2.2, 2.2),
            "layer": "fc",
            "precision": "bfloat16",
            "sign_agreement": 0.95,
            "images": 4,
            "attacked": 3,
            "changed": 1,
            "rate": 1 / 3,
            "clean_accuracy": 0.75,
            "per_class": per_class,
            "examples": (EXAMPLE,),
            "wall_s": 1.0,
        }
        | facts,
    )


def woken(module: str) -> Robustness:
    """Make the report of inputs that wake neurons: 3 of 4 images right, 2 found, 1 changed."""
    per_class = (
        {"images": 2, "attacked": 1, "changed": 1},
        {"images": 2, "attacked": 1, "changed": 0},
    )
    report = {
        "attack": "coverage",
        "settings": {},
        "images": 4,
        "tried": 3,
        "attacked": 2,
        "changed": 1,
        "rate": 0.5,
        "clean_accuracy": 0.75,
        "coverage_clean": 0.125,
        "coverage_attacked": 0.25,
        "per_class": per_class,
        "examples": (EXAMPLE,),
        "wall_s": 1.0,
    }
    return _about(module, report)


def under_attack(module: str) -> Robustness:
    """Make the report of an attack on a module itself, at the budgets 4/255 and 8/255."""
    under = (
        {"budget": 4 / 255, "right": 2, "accuracy": 0.5},
        {"budget": 8 / 255, "right": 1, "accuracy": 0.25},
    )
    report = {
        "attack": "pgd",
        "settings": {},
        "images": 4,
        "clean_accuracy": 0.75,
        "under": under,
        "examples": (),
        "wall_s": 1.0,
    }
    return _about(module, report)


def triggered(module: str) -> Robustness:
    """Make the report of a backdoor: 3 of 4 images right, 2 answers changed, both to "7"."""
    per_class = (
        {"images": 2, "attacked": 2, "changed": 2},
        {"images": 2, "attacked": 1, "changed": 0},
    )
    report = {
        "attack": "trigger",
        "settings": {},
        "planted_class": "cat",
        "patch_share": 0.15,
        "images": 4,
        "attacked": 3,
        "changed": 2,
        "rate": 2 / 3,
        "clean_accuracy": 0.75,
        "drawn_to": 1,
        "drawn": 2,
        "per_class": per_class,
        "examples": (),
        "wall_s": 1.0,
    }
    return _about(module, report)


def _about(module: str, report: dict[str, Any]) -> Robustness:
    return Robustness.model_validate(
        {
            "module": module,
            "model": "seen",
            "dataset": {"name": "digits", "title": "Digits", "content_sha256": "0" * 64},
            "labels": ("3", "7"),
            "attacked_at": datetime(2026, 1, 2, tzinfo=UTC),
            "report": report,
        }
    )
