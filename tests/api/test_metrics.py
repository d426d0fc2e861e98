from prometheus_client.parser import text_string_to_metric_families

WANTED = {"model": "toy", "target": {"classes": ["3"]}}


def figures(client) -> dict[tuple[str, tuple[str, ...]], float]:
    text = client.get("/metrics").get_data(as_text=True)
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_and_status(client):
    client.get("/api/v1/jobs/a")
    client.get("/api/v1/jobs/b")

    counted = figures(client)

    route = "/api/v1/jobs/<job_id>"
    assert counted["modelfoundry_requests_total", ("GET", route, "404")] == 2
    assert counted["modelfoundry_request_seconds_count", (route,)] == 2


def test_jobs_are_counted_by_state(client):
    client.post("/api/v1/modularize", json=WANTED)

    counted = figures(client)

    assert counted["modelfoundry_jobs", ("queued",)] == 1
    assert counted["modelfoundry_jobs", ("running",)] == 0


def test_a_stream_is_counted_while_it_is_open(client):
    job = client.post("/api/v1/modularize", json=WANTED).json["id"]
    stream = client.get(
        f"/api/v1/jobs/{job}/events", headers={"Accept": "text/event-stream"}, buffered=False
    )
    assert figures(client)["modelfoundry_event_streams", ()] == 1

    stream.close()

    assert figures(client)["modelfoundry_event_streams", ()] == 0


def test_where_a_login_is_needed_the_figures_need_one_too(guarded):
    assert guarded.get("/metrics").status_code == 401
