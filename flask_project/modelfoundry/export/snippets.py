"""Short programs that load a module; each runs as it stands in the bundle's folder."""

import json
from collections.abc import Sequence
from string import Template

_ONNX = Template("""\
import numpy as np
import onnxruntime

labels = $labels
session = onnxruntime.InferenceSession("module.onnx")
# Put your images here: float32 from 0 to 1, shape (N, $shape), RGB.
images = np.random.rand(1, $shape).astype(np.float32)
(logits,) = session.run(["logits"], {"images": images})
print(labels[int(logits[0].argmax())])
""")

_PT2 = Template("""\
import torch

labels = $labels
network = torch.export.load("module.pt2").module()
# Put your images here: float32 from 0 to 1, shape (N, $shape), RGB.
images = torch.rand(1, $shape)
logits = network(images)
print(labels[int(logits[0].argmax())])
""")

_SAFETENSORS = Template("""\
import torch
from safetensors.torch import load_file

labels = $labels
# The weights by name. The graph comes from module.pt2; a network of your own with these
# names loads them the same way.
network = torch.export.load("module.pt2").module()
network.load_state_dict(load_file("module.safetensors"))
images = torch.rand(1, $shape)
print(labels[int(network(images)[0].argmax())])
""")

_BROWSER = Template("""\
// npm install onnxruntime-web; module.onnx is served beside the page.
import * as ort from "onnxruntime-web";

const labels = $json_labels;
const session = await ort.InferenceSession.create("module.onnx");
// Put your images here: float32 from 0 to 1, shape (N, $shape), RGB.
const shape = [1, $shape];
const pixels = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, Math.random);
const { logits } = await session.run({ images: new ort.Tensor("float32", pixels, shape) });
console.log(labels[logits.data.indexOf(Math.max(...logits.data))]);
""")


def load_snippets(*, outputs: Sequence[str], input_shape: tuple[int, ...]) -> dict[str, str]:
    """Return a program by format; ``browser`` is JavaScript, the others are Python.

    Args:
        outputs: What each output of the module stands for.
        input_shape: ``(C, H, W)`` of one image.
    """
    values = {
        "labels": repr(list(outputs)),
        "json_labels": json.dumps(list(outputs)),
        "shape": ", ".join(map(str, input_shape)),
    }
    template_by_format = {
        "onnx": _ONNX,
        "pt2": _PT2,
        "safetensors": _SAFETENSORS,
        "browser": _BROWSER,
    }
    return {name: template.substitute(values) for name, template in template_by_format.items()}
