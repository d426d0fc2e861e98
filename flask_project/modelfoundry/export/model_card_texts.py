"""The sentences of a bundle's README; what is in ``$`` is filled in by ``model_card``."""

from string import Template

CARD = Template("""\
---
$license
library_name: onnx
pipeline_tag: image-classification
tags: $tags
base_model: $base_model
datasets: $datasets
model-index:
- name: $id
  results:
  - task:
      type: image-classification
    dataset:
      name: $quoted_dataset_title
      type: $dataset
      split: test
    metrics:
    - type: accuracy
      name: Accuracy
      value: $accuracy
---

# $heading

$introduction

## Use it

`module.onnx` runs with ONNX Runtime alone. Images go in as they are, float32 from 0 to 1 in the
shape (N, $shape); the normalisation is inside the network. Outputs, in order: $outputs.

```python
$example```

ONNX Runtime reports what it loads to its maker unless `ORT_DISABLE_TELEMETRY=1` is set.

`module.pt2` (for `torch.export.load`) and `module.safetensors` (the weights by name) hold the
same network; `manifest.json` has the code that loads them.

## Measures

$table

Weights are counted in the masked layers alone. Test images chose nothing: the $chosen chosen
on the validation images$seen. Latency is the median with $engine on $device, threads: $threads.
Zeros make a network faster only in an engine that skips them; what was cut out is no longer in the
file and makes it faster everywhere.

All files were compared with the $reference on $images test images; the largest difference of
any output was $difference.

$int8## How it was made

| | |
|---|---|
| $original | $model_title ($architecture), weights sha256 `$weights_sha256` |
| Its origin | $origin |
| Data | $dataset_title, content sha256 `$content_sha256` |
| Images | $train to train, $validation to validate, $test to test |
| $making |
| Made with | $made_with, $created_at |

```
$reproduce
```
""")


CUT_OUT = Template("""\
A module of **$model_title**: the part of that network which answers one question, $question
The method "$algorithm" searched for the $masked this takes. $trained""")

PUT_TOGETHER = Template("""\
$what Nothing was trained for the question, $question
The column "original" is **$model_title**.

| output | module | weights sha256 |
|---|---|---|
$parents""")

FINE_TUNED = Template("""\
**$model_title** fine-tuned to $dataset_title, $question $start
The column "original" is $compared_with.$resized$inherited""")

START = {
    "seam": "A search found the $kept of its weights that this takes; the fine-tuning started from "
    "those alone, so that less of what the network was wrong about comes along.",
    "standard": "The fine-tuning started from all of its weights.",
    "scratch": "Only its architecture was taken: the weights were drawn at random.",
}

INHERITED = Template("""

Attacking the features of **$model_title** changes the answers to $changed of $attacked test images
that this module answers rightly while they are clean: a defect inheritance rate of $rate ($steps
steps of $step_size within $budget of the normalised pixels). It says nothing of an attack on this
module itself.""")

SEEN = (
    ", which the original was trained on, so its accuracy there is flattering; only the test "
    "images are new to both"
)


INT8 = Template("""\
## The int8 file

`module.int8.onnx` holds the same network with 8-bit weights and activations, calibrated on $images
training images. It is smaller and on many processors faster, and it is not the same function: this
is what it reaches. Both files were timed in turns.

$table

""")


MASKED = {
    "weight": "weights",
    "channel": "channels",
    "hybrid": "channels, and the weights inside them,",
}
TRAINED = {
    "none": "The weights are the original's; all others are zero or cut out.",
    "norm": "All others are zero or cut out. Normalisation layers and the output layer were then "
    "trained on the target's images; the weights are the original's.",
    "full": "All others are zero or cut out. What was kept was then trained on the target's "
    "images, so the weights are no longer the original's.",
}
TAUGHT = " That training also kept its answers close to the original's (knowledge distillation)."
