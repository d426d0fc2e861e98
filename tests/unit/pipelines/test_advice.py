import torch
from torch import nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.pipelines.modularize import NOTHING_REMOVED, advice_on


def found(*, chosen_epoch: int, num_kept: int = 5, recover: str = "none") -> FoundModule:
    return FoundModule(
        network=nn.Identity(),
        reference=nn.Identity(),
        is_kept=torch.arange(10) < num_kept,
        head_parameters=0,
        granularity="weight",
        recover=recover,
        epochs=30,
        chosen_epoch=chosen_epoch,
        batch_size=16,
        wall_s=1.0,
    )


def test_a_module_of_an_early_epoch_is_larger_than_it_might_be():
    advice = advice_on(found(chosen_epoch=2))

    assert advice.startswith("Epoch 2 of 30 is chosen because no later one has fewer weights")
    assert "sweep --grid alpha" in advice


def test_there_is_no_advice_on_a_module_of_a_late_epoch():
    assert advice_on(found(chosen_epoch=28)) == ""


def test_epochs_of_a_recovery_do_not_differ_in_size():
    assert advice_on(found(chosen_epoch=2, recover="full")) == ""


def test_a_module_with_all_weights_gets_other_advice():
    assert advice_on(found(chosen_epoch=28, num_kept=10)) == NOTHING_REMOVED
