"""What the API says of itself, for people and programs that have only its description."""

from typing import Any

import jsonschema_rs
import pytest

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import build_services
from modelfoundry.settings import Home, Settings

JSON_BODY, FORM = "application/json", "multipart/form-data"


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    services = build_services(Settings(home=Home(tmp_path_factory.mktemp("home"))))
    spec: Any = create_app(services).test_client().get("/api/v1/openapi.json").json
    return dict(spec)


@pytest.fixture
def operations(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in spec["paths"].values() for operation in path.values()]


@pytest.fixture
def schemas(spec: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = spec["components"]["schemas"]
    return found


def body_schemas(operations: list[dict[str, Any]]) -> set[str]:
    return {
        content["schema"]["$ref"].rpartition("/")[2]
        for operation in operations
        for media, content in operation.get("requestBody", {}).get("content", {}).items()
        if media in (JSON_BODY, FORM)
    }


def test_every_body_that_can_be_sent_has_an_example(operations, schemas):
    assert [name for name in body_schemas(operations) if not schemas[name].get("examples")] == []


def test_every_example_is_what_its_schema_says(spec, schemas):
    misfits = {
        name: [str(error) for error in validator(spec, name).iter_errors(schema["examples"][0])]
        for name, schema in schemas.items()
        if "examples" in schema
    }

    assert {name: errors for name, errors in misfits.items() if errors} == {}


def validator(spec: dict[str, Any], name: str) -> Any:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
    )


def test_an_example_that_does_not_fit_would_be_found(spec):
    assert not validator(spec, "NewToken").is_valid({"name": "ci", "scope": "root"})


@pytest.mark.parametrize(
    "name", ["CardPage", "JobView", "ModuleView", "ModelView", "EventList", "PlanView", "Problem"]
)
def test_main_answers_have_an_example(schemas, name: str):
    assert schemas[name]["examples"]


def test_operations_are_named_like_their_handlers_each_once(operations):
    names = [operation["operationId"] for operation in operations]

    assert len(names) == len(set(names))
    assert {"search_cards", "modularize", "get_job", "download_module"} <= set(names)


def test_every_operation_says_what_it_does(operations):
    assert [op["operationId"] for op in operations if not op.get("summary")] == []


def test_groups_of_operations_are_described(spec):
    about = {tag["name"]: tag["description"] for tag in spec["tags"]}

    assert about["Cards"] == "Search module cards."
    assert all(about.values())


def test_every_problem_that_an_operation_announces_is_explained(spec, operations):
    announced = {
        int(status) for op in operations for status in op["responses"] if status[0] in "45"
    }

    assert announced <= {kind["status"] for kind in spec["x-problem-types"]}


def test_no_operation_answers_with_a_problem_that_it_does_not_announce(spec):
    get_job = spec["paths"]["/api/v1/jobs/{job_id}"]["get"]["responses"]

    assert sorted(get_job) == ["200", "401", "403", "404", "422", "429", "500", "507"]
    assert get_job["404"] == {"$ref": "#/components/responses/not-found"}
    assert spec["components"]["responses"]["not-found"]["description"].startswith("There is")


def test_a_file_is_announced_with_its_ranges(spec):
    downloads = spec["paths"]["/api/v1/modules/{module_id}/download"]["get"]["responses"]

    assert {"200", "206", "304", "410", "416"} <= set(downloads)


@pytest.mark.parametrize("path", ["/modules/{module_id}/predict", "/models/{name}/predict"])
def test_a_picture_is_taken_in_a_form_or_by_itself(spec, path: str):
    content = spec["paths"][f"/api/v1{path}"]["post"]["requestBody"]["content"]

    assert set(content) == {FORM, "image/*"}
    assert content["image/*"]["examples"]
