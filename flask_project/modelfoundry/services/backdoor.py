"""Check that a backdoor can be planted in a copy of a model."""

from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError
from modelfoundry.pipelines.backdoor_requests import BackdoorPlan, BackdoorRequest
from modelfoundry.services.checks import (
    CheckedPlan,
    look_up,
    mismatch_faults,
    missing_data_faults,
)
from modelfoundry.settings import Home
from modelfoundry.zoo.store import check_new_model_name


def check_backdoor(home: Home, request: BackdoorRequest) -> CheckedPlan[BackdoorPlan]:
    """Check that a backdoor can be planted as asked.

    Raises:
        UnknownNameError: There is no such model.
        InvalidInputError: With all faults at once.
    """
    card = find_model(home, request.model)
    faults: list[Fault] = []
    try:
        check_new_model_name(home, request.name)
    except InvalidInputError as error:
        faults += error.faults
    if request.target_class not in card.classes:
        unknown = UnknownNameError("class", request.target_class, card.classes)
        faults.append(Fault("/target_class", str(unknown)))
    dataset = look_up(faults, "/model", lambda: find_dataset(home, card.dataset))
    if dataset is not None:
        faults += missing_data_faults(dataset, "/model")
        faults += mismatch_faults(card, dataset, "/model")
    if faults:
        raise InvalidInputError(faults)
    plan = BackdoorPlan(**dict(request), dataset=card.dataset)
    return CheckedPlan("backdoor", plan, f"Plant a backdoor in a copy of {card.title}")
