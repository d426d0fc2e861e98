"""What a manifest says that was measured."""

from typing import Self

from pydantic import model_validator

from modelfoundry.jobs.facts import Count, Facts, Milliseconds, PositiveCount, Share


class Measures(Facts):
    """Figures of one network; accuracies and ratios are 0-1, ``latency_ms`` is by batch size.

    ``kernels_kept`` counts output channels of convolutions, null where single weights are masked;
    ``macs_dense`` is the architecture at full size, ``macs_masked`` the kept weights alone;
    ``parameters`` and ``macs`` are those of the ONNX file.
    """

    accuracy_validation: Share
    accuracy_test: Share
    weights_kept: Count
    weights_total: PositiveCount
    retained_ratio: Share
    kernels_kept: Count | None
    kernels_total: PositiveCount | None
    head_parameters: Count
    macs_dense: Count
    macs_masked: Count
    parameters: PositiveCount
    macs: PositiveCount
    file_size_bytes: PositiveCount
    latency_ms: dict[str, Milliseconds]


class BothMeasures(Facts):
    """The whole model beside the module, on the same images."""

    original: Measures
    module: Measures

    @model_validator(mode="after")
    def _check_comparable(self) -> Self:
        if self.original.latency_ms.keys() != self.module.latency_ms.keys():
            raise ValueError("original and module were not timed with batches of the same sizes")
        if self.original.macs_masked == 0:
            raise ValueError("the original cannot do without any multiply-add")
        return self


class LatencySetup(Facts):
    """With what the latencies were measured."""

    engine: str
    device: str
    threads: Count
    runs: Count


class Int8Measures(Facts):
    """Figures of the int8 file; ``float_latency_ms`` is of the float file, timed beside it."""

    accuracy_validation: Share
    accuracy_test: Share
    file_size_bytes: PositiveCount
    latency_ms: dict[str, Milliseconds]
    float_latency_ms: dict[str, Milliseconds]
    latency_setup: LatencySetup
    calibration_images: Count

    @model_validator(mode="after")
    def _check_comparable(self) -> Self:
        if self.float_latency_ms.keys() != self.latency_ms.keys():
            raise ValueError("both files must have been timed with batches of the same sizes")
        return self


class ManifestLayer(Facts):
    """One masked layer."""

    name: str
    kind: str
    weights_total: PositiveCount
    weights_kept: Count
    macs_dense: Count
    macs_masked: Count


class Agreement(Facts):
    """How far each file's outputs are from the masked network's."""

    images: Count
    max_abs_difference: dict[str, float]
    labels_equal: bool
