"""Add an int8 file to a module, with what it loses in accuracy and gains in time."""

from pathlib import Path
from typing import Any

import numpy as np

from modelfoundry.cards import BiasedSubset
from modelfoundry.catalog.algorithms import find_algorithm
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.modules import find_module
from modelfoundry.data.images import ImageSet
from modelfoundry.data.joint_problem import one_against_the_rest, pose_joint_problem
from modelfoundry.data.problem import Problem, pose_problem
from modelfoundry.data.splits import DRAW_SEED
from modelfoundry.errors import InvalidInputError
from modelfoundry.evaluation.efficiency import compare_latency
from modelfoundry.evaluation.onnx_logits import onnx_logits, unit_images
from modelfoundry.export.int8 import write_int8
from modelfoundry.export.manifest import FILE_BY_FORMAT, Manifest
from modelfoundry.export.sealing import amended
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home

CALIBRATION_IMAGES = 256
LATENCY_IMAGES = 64
STAGE = "quantizing"


def quantize_module(home: Home, module_id: str, *, reporter: Reporter) -> Manifest:
    """Write ``module.int8.onnx`` into a module's bundle; the other network files stay as they are.

    It is calibrated on training images of the target. Its accuracy is measured anew, on the
    validation images and once on the test images, and its latency beside the float file's.

    Returns:
        The bundle's manifest, with ``int8``.

    Raises:
        UnknownNameError: There is no such module, or its data set is not known here.
        InvalidInputError: Its data set is not on disk (says how to get it), or it is composed.
        StorageError: The disk is full or cannot be written; the bundle is as it was.
    """
    problem = _problem_of(home, find_module(home, module_id))
    with amended(home.modules / module_id) as bundle:
        float_file = bundle.folder / FILE_BY_FORMAT["onnx"]
        int8_file = bundle.folder / FILE_BY_FORMAT["int8"]
        calibration = _draw(problem.train, CALIBRATION_IMAGES)
        write_int8(float_file, int8_file, unit_images(calibration, slice(None)))
        validation, test = (
            _accuracy(int8_file, part, reporter) for part in (problem.validation, problem.test)
        )
        compared = compare_latency(
            [float_file, int8_file],
            unit_images(problem.test, slice(LATENCY_IMAGES)),
            threads=bundle.manifest["latency_setup"]["threads"],
        )
        float_ms, int8_ms = compared.latency_ms
        bundle.manifest["int8"] = {
            "accuracy_validation": validation,
            "accuracy_test": test,
            "file_size_bytes": int8_file.stat().st_size,
            "latency_ms": int8_ms,
            "float_latency_ms": float_ms,
            "latency_setup": compared.setup,
            "calibration_images": len(calibration),
        }
        reporter.log(
            f"int8: {test:.2%} on the test images, float "
            f"{bundle.manifest['measures']['module']['accuracy_test']:.2%}"
        )
    return bundle.manifest


def _problem_of(home: Home, manifest: Manifest) -> Problem:
    """Pose the module's target anew, with the same images in every part."""
    if manifest["parents"]:
        raise InvalidInputError.of(
            "/module",
            f"{manifest['id']} is composed of other modules, which had no training images in "
            "common to calibrate with; make int8 files of its parents instead",
        )
    target: dict[str, Any] = manifest["target"]
    settings: dict[str, Any] = manifest["recipe"]["settings"]
    name = manifest["dataset"]["name"]
    dataset, classes = load_dataset(home, name), find_dataset(home, name).classes
    subset = manifest["model"]["subset"]
    if subset and "each" in find_algorithm(manifest["algorithm"]).target_kinds:
        joint = pose_joint_problem(
            dataset,
            classes,
            wanted={manifest["title"]: target["classes"]},
            validation_fraction=settings["validation_fraction"],
            subset=BiasedSubset.model_validate(subset),
        )
        return one_against_the_rest(joint, 0)
    return pose_problem(
        dataset,
        classes,
        kind=target["kind"],
        target_classes=target["classes"],
        validation_fraction=settings["validation_fraction"],
        validation_from=settings.get("validation_from", "train"),
        shots=target["shots"],
        shots_seed=target["shots_seed"],
    )


def _draw(images: ImageSet, count: int) -> ImageSet:
    drawn = np.random.default_rng(DRAW_SEED).permutation(len(images))[:count]
    return images.take(np.sort(drawn))


def _accuracy(path: Path, images: ImageSet, reporter: Reporter) -> float:
    logits = onnx_logits(path, images, stage=STAGE, reporter=reporter)
    return float((logits.argmax(axis=1) == images.labels).mean())
