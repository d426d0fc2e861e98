"""A network with 8-bit weights and activations: a quarter of the size, close but not the same."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx

from modelfoundry.onnx_engine import forbid_reports

CALIBRATION_BATCH = 32

Images = npt.NDArray[np.float32]


def write_int8(network: Path, destination: Path, images: Images) -> None:
    """Quantise an ONNX file statically; what is written runs with ONNX Runtime as well.

    Weights are rounded to 256 steps per output channel, activations to 256 steps of the range
    that they take on the images.

    Args:
        network: A float network with one input.
        destination: Written anew.
        images: float32 ``(N, C, H, W)`` in 0-1, from the training images.
    """
    forbid_reports()
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static  # noqa: PLC0415
    from onnxruntime.quantization.calibrate import CalibrationDataReader  # noqa: PLC0415
    from onnxruntime.quantization.shape_inference import quant_pre_process  # noqa: PLC0415

    input_name = onnx.load(network).graph.input[0].name

    class Reader(CalibrationDataReader):  # type: ignore[misc]  # the library has no types
        """Hands the images out in batches."""

        def __init__(self) -> None:
            self._batches = _batches(images)

        def get_next(self) -> dict[str, Images] | None:
            batch = next(self._batches, None)
            return None if batch is None else {input_name: batch}

    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder, "prepared.onnx")
        quant_pre_process(network, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            destination,
            Reader(),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            weight_type=QuantType.QInt8,
            activation_type=QuantType.QUInt8,
        )


def _batches(images: Images) -> Iterator[Images]:
    for start in range(0, len(images), CALIBRATION_BATCH):
        yield images[start : start + CALIBRATION_BATCH]
