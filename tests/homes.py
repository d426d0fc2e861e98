"""Data folders with something in them, for tests of what lies above the pipelines."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from modelfoundry.cards import ModelCard
from modelfoundry.evaluation.results import Evaluation
from modelfoundry.evaluation.scores import Answers, score
from modelfoundry.settings import Home

DIGITS = tuple("0123456789")


def add_model(home: Home, name: str = "toy", **facts: Any) -> ModelCard:
    """Write the card of a model on the digits; its weights are never read."""
    card = ModelCard.model_validate(
        {
            "name": name,
            "title": "Toy network",
            "architecture": "cnn-small",
            "dataset": "digits",
            "classes": DIGITS,
            "input_shape": (3, 32, 32),
            "mean": (0.5, 0.5, 0.5),
            "std": (0.5, 0.5, 0.5),
            "num_parameters": 10,
            "weights_sha256": "0" * 64,
            "origin": "made up",
        }
        | facts
    )
    folder = home.models / name
    folder.mkdir(parents=True)
    (folder / "model.json").write_text(card.model_dump_json())
    (folder / "weights.safetensors").write_bytes(b"")
    return card


def add_bundle(home: Home, module_id: str = "toy-3-0a1b2c3d", **facts: Any) -> Path:
    """Write a bundle whose files hold their own names; returns its folder."""
    folder = home.modules / module_id
    folder.mkdir(parents=True)
    files = []
    for format_, name in (("onnx", "module.onnx"), ("readme", "README.md")):
        content = f"the {format_} file".encode()
        (folder / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        files.append(
            {"name": name, "format": format_, "size_bytes": len(content), "sha256": digest}
        )
    described = manifest(module_id) | {"files": files} | facts
    (folder / "manifest.json").write_text(json.dumps(described))
    return folder


def manifest(module_id: str) -> dict[str, Any]:
    """Make the manifest of a module for class 3, more accurate than its original."""
    measures = {
        "accuracy_validation": 0.9,
        "accuracy_test": 0.9,
        "weights_kept": 100,
        "weights_total": 100,
        "retained_ratio": 1.0,
        "kernels_kept": None,
        "kernels_total": None,
        "head_parameters": 0,
        "macs_dense": 1000,
        "macs_masked": 1000,
        "parameters": 100,
        "macs": 1000,
        "file_size_bytes": 4096,
        "latency_ms": {"1": 0.5},
    }
    smaller = {"accuracy_test": 0.95, "weights_kept": 20, "retained_ratio": 0.2}
    return {
        "format_version": 3,
        "id": module_id,
        "title": "3",
        "created_at": "2026-01-02T03:04:05+00:00",
        "made_with": "modelfoundry",
        "algorithm": "seam",
        "recipe": {"preset": "fast", "settings": {}},
        "seed": 0,
        "target": {
            "kind": "binary",
            "classes": ["3"],
            "group": None,
            "shots": None,
            "shots_seed": 0,
            "outputs": ["3", "not 3"],
        },
        "model": {
            "name": "toy",
            "title": "Toy network",
            "architecture": "cnn-small",
            "origin": "made up",
            "license": "unknown",
            "weights_sha256": "0" * 64,
            "num_parameters": 10,
            "mean": [0.5, 0.5, 0.5],
            "std": [0.5, 0.5, 0.5],
        },
        "dataset": {
            "name": "digits",
            "title": "Handwritten digits",
            "source": "",
            "license": "",
            "content_sha256": "0" * 64,
            "images": {"train": 1, "validation": 1, "test": 1},
        },
        "input": {"shape": ["N", 3, 32, 32], "dtype": "float32", "range": [0, 1]},
        "finetuning": None,
        "parents": [],
        "search": {
            "granularity": "weight",
            "recover": "none",
            "epochs": 1,
            "chosen_epoch": 1,
            "batch_size": 64,
            "wall_s": 1.0,
            "device": "CPU",
        },
        "measures": {"original": measures, "module": measures | smaller},
        "validation": {"seen_by_original": True},
        "latency_setup": {"engine": "", "device": "", "threads": 1, "runs": 1},
        "int8": None,
        "layers": [],
        "agreement": {"images": 1, "max_abs_difference": {}, "labels_equal": True},
        "versions": {},
        "files": [],
        "load": {},
        "reproduce": "",
    }


def evaluation(module_id: str, **facts: Any) -> Evaluation:
    """Make the evaluation of a binary module on four images, of which it gets three right."""
    answers = Answers(np.array([0, 0, 1, 0]), np.full(4, 0.75))
    cost = {
        "weights_kept": 20,
        "weights_total": 100,
        "macs_dense": 1000,
        "macs_masked": 200,
        "macs": 1000,
        "parameters": 100,
        "file_size_bytes": 4096,
    }
    findings = {"scores": score(answers, np.array([0, 0, 1, 1]), num_labels=2), "cost": cost}
    latency = {
        "engine": "ONNX Runtime 1",
        "note": "",
        "device": "a CPU",
        "threads": 1,
        "runs": 10,
        "latency_ms": {"1": 0.5},
        "original_latency_ms": {"1": 1.0},
    }
    made_up = {
        "kind": "module",
        "subject": module_id,
        "dataset": {"name": "digits", "title": "Digits", "content_sha256": "0" * 64},
        "part": "test",
        "evaluated_at": "2026-01-02T03:04:05+00:00",
        "images": 4,
        "labels": ("3", "not 3"),
        "findings": findings,
        "original": findings,
        "latency": [latency],
    }
    return Evaluation.model_validate(made_up | facts)
