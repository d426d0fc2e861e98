"""A tiny network (158 parameters, 8x8 images) and the facts of a module made of it."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.export.bundle import seal, stage_bundle
from modelfoundry.export.draft import (
    BundleFacts,
    BundleMeasures,
    LayerMeasures,
    Measures,
    SearchFacts,
)
from modelfoundry.export.manifest import Manifest


class TinyModule(nn.Module):
    """Images in 0-1 to two logits, normalisation inside."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.full((3, 1, 1), 0.5))
        self.register_buffer("std", torch.full((3, 1, 1), 0.25))
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.head = nn.Linear(4, 2)

    def forward(self, images: Tensor) -> Tensor:
        features = torch.relu(self.norm(self.conv((images - self.mean) / self.std)))
        logits: Tensor = self.head(features.mean((2, 3)))
        return logits


@dataclass(frozen=True)
class WrittenBundle:
    folder: Path
    manifest: Manifest


@pytest.fixture(scope="session")
def network() -> nn.Module:
    torch.manual_seed(0)
    return TinyModule().eval()


@pytest.fixture(scope="session")
def images() -> Tensor:
    return torch.rand(7, 3, 8, 8, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="session")
def facts() -> BundleFacts:
    model = ModelCard(
        name="tinynet-pets",
        title="TinyNet on pets",
        architecture="tinynet",
        dataset="pets",
        classes=("cat", "dog", "cow"),
        input_shape=(3, 8, 8),
        mean=(0.5, 0.5, 0.5),
        std=(0.25, 0.25, 0.25),
        num_parameters=135,
        weights_sha256="1" * 64,
        origin="modelfoundry train",
        license="mit",
    )
    dataset = DatasetCard(
        name="pets", title="Pets", classes=("cat", "dog", "cow"), input_shape=(3, 8, 8)
    )
    return BundleFacts(
        title="cat",
        target_kind="binary",
        classes=("cat",),
        group=None,
        shots=None,
        shots_seed=0,
        model=model,
        dataset=dataset,
        image_counts={"train": 90, "validation": 10, "test": 40},
        algorithm="seam",
        preset="fast",
        settings={"epochs": 2, "alpha": 1.0},
        seed=0,
        search=SearchFacts(
            granularity="weight",
            recover="none",
            epochs=2,
            chosen_epoch=1,
            batch_size=8,
            wall_s=1.5,
            device="cpu",
        ),
        original_saw_validation=False,
        reproduce="modelfoundry modularize --model tinynet-pets --target cat",
    )


@pytest.fixture(scope="session")
def measures() -> BundleMeasures:
    original = Measures(
        accuracy_validation=0.9,
        accuracy_test=0.875,
        weights_kept=100,
        weights_total=100,
        kernels_kept=None,
        kernels_total=None,
        head_parameters=15,
        macs_dense=6400,
        macs_masked=6400,
        parameters=120,
        macs=6400,
        file_size_bytes=2048,
        latency_ms={"1": 0.5, "64": 8.0},
    )
    module = Measures(
        accuracy_validation=0.95,
        accuracy_test=0.9,
        weights_kept=12,
        weights_total=100,
        kernels_kept=None,
        kernels_total=None,
        head_parameters=10,
        macs_dense=6400,
        macs_masked=640,
        parameters=80,
        macs=3200,
        file_size_bytes=1536,
        latency_ms={"1": 0.5, "64": 6.0},
    )
    return BundleMeasures(
        original=original,
        module=module,
        layers=(LayerMeasures("conv", "Conv2d", 100, 12, 6400, 640),),
        latency_setup={"engine": "ONNX Runtime 1", "device": "a CPU", "threads": 1, "runs": 10},
    )


@pytest.fixture(scope="session")
def bundle(
    tmp_path_factory: pytest.TempPathFactory,
    network: nn.Module,
    images: Tensor,
    facts: BundleFacts,
    measures: BundleMeasures,
) -> WrittenBundle:
    """One bundle that is only read; writing it takes seconds."""
    modules = tmp_path_factory.mktemp("home") / "modules"
    with stage_bundle(modules, network=network, reference=network, check_images=images) as staged:
        manifest = seal(staged, facts, measures)
    return WrittenBundle(modules / manifest["id"], manifest)
