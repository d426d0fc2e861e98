import pytest

from modelfoundry.zoo.dialects import compare, is_auxiliary, our_name


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        ("module.conv1.weight", "conv1.weight"),
        ("_orig_mod.module.fc.bias", "fc.bias"),
        ("module.linear.weight", "fc.weight"),
        ("stage_2.0.conv_1.weight", "layer2.0.conv1.weight"),
        ("bn_1.running_mean", "bn1.running_mean"),
        ("layer3.0.shortcut.1.bias", "layer3.0.downsample.1.bias"),
        ("layer1.0.bn2.weight", "layer1.0.bn2.weight"),
    ],
)
def test_foreign_resnet_keys_get_our_names(foreign: str, ours: str):
    assert our_name(foreign, "resnet") == ours


def test_renames_of_one_family_leave_another_alone():
    assert our_name("linear.weight", "vgg") == "linear.weight"


def test_same_keys_and_shapes_fit():
    assert compare({"a": (1, 2)}, {"a": (1, 2)}).count == 0


def test_step_counter_of_batch_norm_may_be_absent_or_extra():
    with_counter = {"bn.weight": (4,), "bn.num_batches_tracked": ()}
    without = {"bn.weight": (4,)}
    assert compare(without, with_counter).count == compare(with_counter, without).count == 0


def test_every_sort_of_difference_is_described():
    mismatch = compare({"a": (1,), "b": (2,)}, {"b": (3,), "c": (4,)})
    assert mismatch.describe() == ("missing: c; unexpected: a; other shape: b is (2,), not (3,)")


def test_only_the_first_five_keys_are_listed_and_the_rest_counted():
    needed = dict.fromkeys("abcdefgh", (1,))
    assert compare({}, needed).describe() == "missing: a, b, c, d, e and 3 more"


def test_older_densenet_keys_get_the_names_of_today():
    key = "features.denseblock1.denselayer2.norm.1.weight"
    assert our_name(key, "densenet") == "features.denseblock1.denselayer2.norm1.weight"


def test_further_outputs_of_inception_are_left_behind():
    keys = ("AuxLogits.fc.weight", "aux1.conv.conv.weight", "auxiliary.weight", "fc.weight")
    assert [key for key in keys if not is_auxiliary(key)] == ["auxiliary.weight", "fc.weight"]
