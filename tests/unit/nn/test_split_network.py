from collections.abc import Callable

import pytest
import torch
from tests.unit.nn.networks import settled
from tests.unit.nn.plain_split import Step, plain_scores
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from modelfoundry.nn.channels import Residual
from modelfoundry.nn.gated_graph import insert_gates
from modelfoundry.nn.module_heads import ModuleHeads
from modelfoundry.nn.split_network import HeadsAlone, SplitModule, SplitNetwork
from modelfoundry.zoo.incecnn import InceCnn
from modelfoundry.zoo.rescnn import ResCnn
from modelfoundry.zoo.resnet_cifar import resnet20
from modelfoundry.zoo.simcnn import SimCnn
from modelfoundry.zoo.vgg import CifarVgg

NUM_MODULES, NUM_CLASSES = 3, 4
LABELS = torch.tensor([0, 1, 2])
ALPHA = 0.1
BLOCKS = [f"layer{stage}.{block}" for stage in (1, 2, 3) for block in (0, 1, 2)]
OF_CONV_NORM_RELU = {f"conv_{number}.0": f"conv_{number}" for number in range(13)}
OF_VGG = {f"features.{number}": f"features.{number + 2}" for number in (0, 4, 8, 12, 16)}
INSIDE_BLOCKS = {f"{block}.conv1": f"{block}.relu1" for block in BLOCKS}
ON_STREAMS = {"conv1": "relu", **{f"{block}.conv2": f"{block}.bn2" for block in BLOCKS}}

# Network, what becomes of residual streams, and where the outputs of which convolution are masked.
CASES: dict[str, tuple[Callable[[], nn.Module], Residual, dict[str, str]]] = {
    "simcnn": (lambda: SimCnn(NUM_CLASSES, width=1 / 16), "tie", OF_CONV_NORM_RELU),
    "rescnn": (lambda: ResCnn(NUM_CLASSES, width=1 / 16), "tie", OF_CONV_NORM_RELU),
    "incecnn": (lambda: InceCnn(NUM_CLASSES, width=1 / 32), "tie", OF_CONV_NORM_RELU),
    "vgg": (lambda: CifarVgg(NUM_CLASSES, convolutions=(1, 1, 1, 1, 1)), "tie", OF_VGG),
    "resnet20-tie": (lambda: resnet20(NUM_CLASSES), "tie", INSIDE_BLOCKS | ON_STREAMS),
    "resnet20-inner": (lambda: resnet20(NUM_CLASSES), "inner", INSIDE_BLOCKS),
}


class Case:
    """A network in float64 with random masks, and what it takes to run it plainly."""

    def __init__(self, name: str) -> None:
        make, residual, hooked = CASES[name]
        torch.manual_seed(0)
        self.network = settled(make()).double()
        self.images = torch.rand(3, 3, 32, 32, dtype=torch.float64)
        gated = insert_gates(self.network, self.images[:2], residual=residual)
        channels = gated.channel_map
        kernel_of_channel = torch.full((channels.num_channels,), -1)
        kernel_of_channel[gated.channels] = torch.arange(len(gated.channels))
        self.columns_by_layer = {
            shown: kernel_of_channel[channels.producers[f"{convolution}.weight"][0]]
            for convolution, shown in hooked.items()
            if f"{convolution}.weight" in channels.producers
        }
        heads = ModuleHeads(NUM_MODULES, NUM_CLASSES)
        self.split = SplitNetwork(nn.Identity(), gated, heads, alpha=ALPHA).double()
        self.heads = [
            nn.Sequential(heads.extract(number), FirstOfTwo()) for number in range(NUM_MODULES)
        ]

    def with_all_open(self) -> "Case":
        with torch.no_grad():
            self.split.logits.fill_(1)
        self.split.zero_grad()
        return self

    def with_some_closed(self) -> "Case":
        # Not any masks will do: where a layer's inputs are all closed its outputs are constants,
        # and which of several equal maxima a pool picks is then a matter of rounding.
        torch.manual_seed(0)
        with torch.no_grad():
            self.split.logits.copy_(torch.rand(self.split.logits.shape) - 0.3)
        self.split.zero_grad()
        return self


class FirstOfTwo(nn.Module):
    def forward(self, logits: Tensor) -> Tensor:
        return logits[:, :1]


@pytest.fixture(autouse=True)
def _own_random_numbers():
    with torch.random.fork_rng():
        yield


@pytest.fixture(scope="module", params=CASES)
def built(request: pytest.FixtureRequest) -> Case:
    with torch.random.fork_rng():
        return Case(request.param)


@pytest.fixture
def case(built: Case) -> Case:
    return built.with_all_open()


def test_scores_are_those_of_modules_computed_one_after_another(case: Case):
    case.with_some_closed()

    plain = plain_scores(
        case.network, case.heads, case.split.logits, case.columns_by_layer, case.images
    )

    torch.testing.assert_close(case.split(case.images), plain, rtol=0, atol=1e-10)


# The factor makes some gradients longer than 1, so that clipping matters.
@pytest.mark.parametrize("factor", [1.0, 1e5], ids=["as it is", "clipped"])
def test_gradients_of_masks_are_those_of_modules_computed_one_after_another(case: Case, factor):
    case.with_some_closed()
    masks = case.split.logits.detach().clone().requires_grad_()
    plain = plain_scores(case.network, case.heads, masks, case.columns_by_layer, case.images)
    every_use = torch.cat([Step.apply(masks[:, c]) for c in case.columns_by_layer.values()], 1)
    fixed = case.split.num_kernels - every_use.shape[1]
    retained = (every_use.sum() + fixed * NUM_MODULES) / (NUM_MODULES * case.split.num_kernels)

    (factor * cross_entropy(plain, LABELS) + ALPHA * retained).backward()
    (factor * cross_entropy(case.split(case.images), LABELS)).backward()

    assert masks.grad is not None
    torch.testing.assert_close(case.split.logits.grad, masks.grad, rtol=1e-10, atol=1e-10)


def test_with_all_kernels_every_module_says_what_the_network_says(case: Case):
    logits = case.split.network_logits(case.images)

    expected = case.network(case.images).expand(NUM_MODULES, -1, -1)
    torch.testing.assert_close(logits, expected, rtol=0, atol=1e-10)


def test_modules_computed_in_several_passes_have_the_same_gradients():
    together, apart = Case("rescnn"), Case("rescnn")
    apart.split.modules_at_once = 2
    cross_entropy(together.split(together.images), LABELS).backward()
    cross_entropy(apart.split(apart.images), LABELS).backward()

    torch.testing.assert_close(apart.split.logits.grad, together.split.logits.grad)


def test_only_masks_and_heads_are_trained():
    case = Case("simcnn")
    trained = {name for name, each in case.split.named_parameters() if each.requires_grad}

    heads = {"heads.weight_1", "heads.bias_1", "heads.weight_2", "heads.bias_2"}
    assert trained == {"logits", *heads}


def test_dropout_and_batch_norm_stay_frozen_while_masks_are_trained():
    case = Case("vgg")
    expected = case.split.eval()(case.images)

    torch.testing.assert_close(case.split.train()(case.images), expected)


def test_kernels_that_are_tied_count_once_for_each_layer():
    case = Case("rescnn")
    with torch.no_grad():
        case.split.logits[1] = -1

    # A sixteenth of 64, 128, 128, 128, 256 and seven times 512: 268, of which 72 come twice.
    assert case.split.kernels_kept().tolist() == [268, 0, 268]
    assert case.split.logits.shape == (NUM_MODULES, 196)


def test_kernels_of_streams_that_stay_are_counted_as_kept():
    case = Case("resnet20-inner")
    with torch.no_grad():
        case.split.logits.fill_(-1)

    # 688 kernels, half of which but for the stem (16) are inside the blocks: 336.
    assert case.split.kernels_kept().tolist() == [352, 352, 352]


def test_settled_logits_are_those_of_each_mask_and_equal_masks_are_run_once():
    case = Case("incecnn")
    with torch.no_grad():
        case.split.logits[2, ::2] = -1
    rows: list[int] = []
    case.split.network.register_forward_hook(lambda _n, inputs, _o: rows.append(len(inputs[1])))

    settled_logits = case.split.settled_logits(case.images)

    torch.testing.assert_close(settled_logits, case.split.network_logits(case.images))
    assert rows[0] == 2


def test_heads_alone_give_the_scores_of_stored_logits():
    case = Case("simcnn")
    logits = case.split.network_logits(case.images).detach()

    torch.testing.assert_close(HeadsAlone(case.split)(logits), case.split(case.images))


def test_a_single_module_has_its_score_as_the_softmax_of_two_logits():
    case = Case("resnet20-tie")
    case.with_some_closed()

    logits = SplitModule(case.split, 2)(case.images)

    assert logits[:, 1].tolist() == [0.0] * 3
    torch.testing.assert_close(logits.softmax(dim=1)[:, 0], case.split(case.images)[:, 2])


def test_the_loss_of_perfect_scores_has_a_floor():
    scores = torch.eye(10, dtype=torch.float64)

    # Scores end at 1, so that the loss is at least log(e + 9) - 1.
    loss = cross_entropy(scores, torch.arange(10))
    assert float(loss) == pytest.approx(1.4612, abs=1e-4)
