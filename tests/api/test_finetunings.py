WANTED = {"model": "toy", "dataset": "digits", "how": ["seam", "standard"], "seeds": [0, 1]}


def test_fine_tuning_is_a_job_of_reuse_with_every_choice_made(client):
    body = {"method": "finetune", "model": "toy", "dataset": "digits", "attack": {"steps": 10}}

    answer = client.post("/api/v1/reuse", json=body)

    assert (answer.status_code, answer.json["kind"]) == (202, "reuse")
    plan = answer.json["request"]
    assert (plan["how"], plan["preset"], plan["seed"]) == ("seam", "fast", 0)
    assert plan["config"]["prune_threshold"] == 0.6
    assert (plan["attack"]["steps"], plan["attack"]["budget"]) == (10, 0.1)


def test_a_dry_run_of_fine_tuning_has_no_pool_and_queues_nothing(client):
    body = {"method": "finetune", "model": "toy", "dataset": "digits"}

    plan = client.post("/api/v1/reuse?dry_run=true", json=body).json

    assert plan["pool"] == []
    assert plan["notes"][-1] == "Inherited defects are not measured."
    assert client.get("/api/v1/jobs").json["total"] == 0


def test_ways_and_seeds_are_one_sweep_with_a_table_of_its_own(client):
    sweep = client.post("/api/v1/finetunings", json=WANTED).json

    table = client.get(f"/api/v1/sweeps/{sweep['id']}").json["finetuning"]

    assert sweep["title"].startswith("Fine-tune toy to digits: seam, standard: ")
    assert [(row["how"], row["seed"]) for row in table["rows"]] == [
        ("seam", 0),
        ("seam", 1),
        ("standard", 0),
        ("standard", 1),
    ]
    assert [(each["threshold"], each["num_members"]) for each in table["summaries"]] == [
        (0.6, 2),
        (None, 2),
    ]


def test_a_dry_run_of_a_sweep_counts_its_jobs(client):
    plan = client.post("/api/v1/finetunings?dry_run=true", json=WANTED).json

    assert plan["num_jobs"] == 4
    assert client.get("/api/v1/jobs").json["total"] == 0


def test_a_budget_of_zero_is_refused(client):
    answer = client.post("/api/v1/finetunings", json=WANTED | {"attack": {"budget": 0}})

    (fault,) = answer.json["errors"]
    assert (answer.status_code, fault["pointer"]) == (422, "/attack/budget")


def test_settings_come_with_presets_that_fit_the_images(client):
    offer = client.get("/api/v1/finetunings/settings?dataset=digits").json

    assert offer["settings_schema"]["properties"]["alpha"]["title"] == "Weight charge (alpha)"
    fast, published = offer["presets"]
    assert (fast["name"], published["name"]) == ("fast", "published")
    assert (fast["settings"]["mask_epochs"], published["settings"]["mask_epochs"]) == (100, 300)
    assert fast["settings"]["flip"] is False  # mirrored digits are no digits


def test_settings_come_without_presets_if_no_data_set_is_named(client):
    offer = client.get("/api/v1/finetunings/settings").json

    assert offer["settings_schema"]["properties"]["alpha"]["title"] == "Weight charge (alpha)"
    assert offer["presets"] == []


def test_there_are_no_settings_for_an_unknown_data_set(client):
    assert client.get("/api/v1/finetunings/settings?dataset=nope").status_code == 404
