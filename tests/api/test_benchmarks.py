def test_a_row_stands_beside_what_was_reached_and_what_is_missing(client):
    rows = {row["name"]: row for row in client.get("/api/v1/benchmarks").json["items"]}

    row = rows["vgg16-cifar10"]
    assert (row["table"], row["architecture"], row["num_targets"]) == ("seam", "vgg16-bn", 10)
    assert (row["published"]["accuracy"], row["published"]["original_accuracy"]) == (0.9712, 0.965)
    assert row["reached"] is None
    assert row["next_step"] == {
        "kind": "get-data",
        "command": "modelfoundry data get cifar10",
        "request": None,
    }


def test_what_nobody_has_published_is_null(client):
    rows = {row["name"]: row for row in client.get("/api/v1/benchmarks").json["items"]}

    assert rows["simcnn-svhn"]["published"]["original_accuracy"] is None
    assert rows["simcnn-svhn"]["published"]["targets"] == []
    assert rows["composed-simcnn-svhn"]["published"]["retained_ratio"] is None
