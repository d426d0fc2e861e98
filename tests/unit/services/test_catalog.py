import pytest
from tests.homes import add_bundle, add_model

from modelfoundry.bootstrap import Services
from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.services.cards import Card, CardQuery
from modelfoundry.settings import Home


def search(services: Services, **query: str) -> list[Card]:
    only_toy = {"model": ("toy",)}
    return services.catalog.search(CardQuery(chosen=only_toy, limit=100, **query)).items  # type: ignore[arg-type]


def test_every_class_of_every_model_has_a_card_on_demand(services: Services):
    cards = [card for card in search(services) if card.kind == "binary"]

    assert [card.title for card in cards] == list("0123456789")
    assert {card.is_ready for card in cards} == {False}


def test_every_group_of_every_models_data_set_has_a_card_on_demand(services: Services):
    cards = [card for card in search(services) if card.kind == "multi-class"]

    assert [card.title for card in cards] == ["even", "odd", "round"]
    assert (cards[0].group, cards[0].classes) == ("even", ("0", "2", "4", "6", "8"))


def test_a_new_group_has_a_card_at_once(services: Services):
    assert search(services, words="primes") == []

    services.datasets.set_groups("digits", {"primes": ("2", "3", "5", "7")})

    (card,) = search(services, words="primes")
    assert card.classes == ("2", "3", "5", "7")


def test_a_new_module_has_a_card_with_its_measures_at_once(services: Services, home: Home):
    add_bundle(home, "toy-3-0a1b2c3d")
    adopt_bundles(home, services.stores.modules)

    ready, on_demand = search(services, words="3")[:2]

    assert (ready.module_id, ready.accuracy, ready.original_accuracy) == (
        "toy-3-0a1b2c3d",
        0.95,
        0.9,
    )
    assert (ready.retained_ratio, ready.size_bytes, ready.has_images) == (0.2, 4096, True)
    assert on_demand.module_id is None


def test_the_card_of_a_deleted_module_is_gone(services: Services, home: Home):
    add_bundle(home, "toy-3-0a1b2c3d")
    adopt_bundles(home, services.stores.modules)
    assert [card.is_ready for card in search(services, words="3")][:2] == [True, False]

    services.modules.delete("toy-3-0a1b2c3d")

    assert [card for card in search(services, words="3") if card.is_ready] == []


def test_a_new_model_has_cards_at_once(services: Services, home: Home):
    search(services)
    add_model(home, "late", title="Latecomer")

    page = services.catalog.search(CardQuery(words="latecomer"))

    assert page.total == 10 + 3 + 1  # classes and groups of the digits, and each of the classes


def test_presets_come_with_a_model_and_are_none_without(services: Services):
    with_model, *_ = services.catalog.algorithms(model="toy", kind="binary")
    without, *_ = services.catalog.algorithms(model=None, kind=None)

    assert [preset.name for preset in with_model.presets] == ["fast", "small", "published"]
    assert without.presets == []
    assert without.settings_schema["properties"]["epochs"]["minimum"] == 1


@pytest.mark.parametrize(
    ("size", "batch_size"), [({}, 16), ({"num_classes": 5}, 4), ({"shots": 20}, 4)]
)
def test_presets_are_for_the_images_of_a_target(services: Services, size, batch_size: int):
    seam, *_ = services.catalog.algorithms(model="toy", kind="multi-class", **size)

    assert seam.presets[0].config.batch_size == batch_size


def test_an_algorithm_that_does_not_solve_a_kind_has_presets_for_what_it_solves(
    services: Services,
):
    offered = services.catalog.algorithms(model="toy", kind="binary")

    (each,) = (offer for offer in offered if offer.card.target_kinds == ("each",))
    assert [preset.name for preset in each.presets] == ["fast", "published"]


def test_all_modules_of_a_joint_search_share_a_card_on_demand(services: Services):
    (card,) = (card for card in search(services) if card.kind == "each")

    assert (card.title, card.classes) == ("each of 10 classes", tuple("0123456789"))
    assert not card.is_ready


def test_an_unknown_model_has_no_presets(services: Services):
    with pytest.raises(UnknownNameError, match="no model named 'nope'"):
        services.catalog.algorithms(model="nope", kind=None)


def card_of_class_3(services: Services, model: str) -> Card:
    chosen = {"model": (model,), "kind": ("binary",)}
    (card,) = services.catalog.search(CardQuery(words="3", chosen=chosen)).items
    return card


def test_nothing_is_missing_of_a_model_and_a_data_set_that_are_here(services: Services):
    card = card_of_class_3(services, "toy")

    assert (card.family, card.missing, card.how_to_get) == ("cnn", None, "")


def test_a_card_tells_how_to_get_the_images_that_it_lacks(services: Services, home: Home):
    add_model(home, "street", dataset="svhn")
    add_model(home, "private", dataset="my-photos")

    street, private = (card_of_class_3(services, name) for name in ("street", "private"))

    assert (street.missing, street.how_to_get) == ("dataset", "modelfoundry data get svhn")
    assert (private.missing, private.has_images) == ("dataset", False)
    assert private.how_to_get == "modelfoundry data import my-photos FILES"


def test_a_card_tells_that_the_weights_of_its_model_are_gone(services: Services, home: Home):
    (home.models / "toy" / "weights.safetensors").unlink()

    card = card_of_class_3(services, "toy")

    assert card.missing == "weights"
    assert card.how_to_get == "modelfoundry models import toy FILE --dataset digits"


def test_a_model_of_an_architecture_that_is_gone_still_has_cards(services: Services, home: Home):
    add_model(home, "old", architecture="forgotten-net")

    assert card_of_class_3(services, "old").family == "forgotten-net"
