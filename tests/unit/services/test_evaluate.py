import pytest
from tests.homes import add_bundle, add_model, manifest

from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.requests import EvaluatePlan, EvaluateRequest
from modelfoundry.services.evaluate import check_evaluate
from modelfoundry.settings import Home

ID = "toy-3-0a1b2c3d"


def faults_of(home: Home, request: EvaluateRequest) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refused:
        check_evaluate(home, request)
    return {fault.pointer: fault.message for fault in refused.value.faults}


def test_a_model_is_evaluated_on_its_own_data_set_unless_told_otherwise(home: Home):
    checked = check_evaluate(home, EvaluateRequest(model="toy"))

    assert checked.plan == EvaluatePlan(model="toy", module=None, dataset="digits")
    assert checked.title == "Evaluate Toy network on Handwritten digits"


def test_a_module_is_evaluated_on_the_data_set_it_was_made_with(home: Home):
    add_bundle(home, ID)

    checked = check_evaluate(home, EvaluateRequest(module=ID))

    assert checked.plan == EvaluatePlan(model=None, module=ID, dataset="digits")
    assert checked.title == "Evaluate 3 of Toy network on Handwritten digits"


def test_a_data_set_may_hold_a_part_of_the_models_classes(home: Home):
    add_model(home, "more", classes=(*"0123456789", "ten"))

    assert check_evaluate(home, EvaluateRequest(model="more", dataset="digits")).plan.model


def test_a_data_set_with_a_class_the_model_does_not_know_does_not_fit(home: Home):
    add_model(home, "few", classes=("0", "1"))

    message = faults_of(home, EvaluateRequest(model="few", dataset="digits"))["/dataset"]

    assert message == (
        "Toy network does not know the class '2' (and 7 more) of digits; choose a data set whose "
        "classes it knows"
    )


def test_a_data_set_without_the_modules_class_does_not_fit(home: Home):
    target = {"kind": "binary", "classes": ["cat"], "outputs": ["cat", "not cat"]}
    add_bundle(home, ID, target=target)

    message = faults_of(home, EvaluateRequest(module=ID))["/dataset"]

    assert message.startswith("digits has no class 'cat', which 3 of Toy network is about")


def test_a_data_set_with_images_of_another_shape_does_not_fit(home: Home):
    add_model(home, "large", input_shape=(3, 64, 64))

    message = faults_of(home, EvaluateRequest(model="large"))["/dataset"]

    assert "takes images of 3 x 64 x 64, digits has 3 x 32 x 32" in message


@pytest.mark.parametrize("named", [{}, {"model": "toy", "module": ID}], ids=["none", "both"])
def test_exactly_one_model_or_module_is_evaluated(home: Home, named: dict[str, str]):
    assert "/model" in faults_of(home, EvaluateRequest(**named))


def test_an_unknown_module_and_an_unknown_data_set_are_both_reported(home: Home):
    request = EvaluateRequest(module="../../etc", dataset="nope")

    assert list(faults_of(home, request)) == ["/module", "/dataset"]


def test_a_data_set_that_is_not_on_disk_is_named_with_the_command_that_gets_it(home: Home):
    message = faults_of(home, EvaluateRequest(model="toy", dataset="svhn"))["/dataset"]

    assert message.endswith("get it with: modelfoundry data get svhn")


def test_a_module_for_classes_of_two_data_sets_is_refused_with_the_reason(home: Home):
    dataset = manifest(ID)["dataset"] | {"name": "digits+svhn"}
    add_bundle(home, ID, dataset=dataset)

    assert faults_of(home, EvaluateRequest(module=ID)) == {
        "/module": f"{ID} tells classes of digits and svhn apart, and an evaluation reads one data "
        "set; what it reaches on test images of all of them is among its measures"
    }


def test_a_fine_tuned_module_takes_images_that_were_scaled_for_it(home: Home):
    made_up = manifest(ID)
    input_of = made_up["input"] | {"shape": ["N", 3, 64, 64]}
    add_bundle(home, ID, input=input_of, finetuning={"resized_from": [3, 32, 32]})

    assert check_evaluate(home, EvaluateRequest(module=ID)).plan.dataset == "digits"
