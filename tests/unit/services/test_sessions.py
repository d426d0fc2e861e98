from pathlib import Path

from tests.networks import mean_network

from modelfoundry.services.sessions import Sessions

NETWORK = mean_network([[1, 0, 0], [0, 1, 0]])


def networks(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number}.onnx" for number in range(count)]
    for path in paths:
        path.write_bytes(NETWORK)
    return paths


def test_a_network_is_loaded_once(tmp_path: Path):
    (path,) = networks(tmp_path, 1)
    sessions = Sessions()

    assert sessions.open(path) is sessions.open(path)


def test_the_network_used_longest_ago_makes_room(tmp_path: Path):
    first, second, third = networks(tmp_path, 3)
    sessions = Sessions(max_sessions=2)
    kept, _dropped = sessions.open(first), sessions.open(second)
    sessions.open(first)

    sessions.open(third)

    assert len(sessions) == 2
    assert sessions.open(first) is kept


def test_large_networks_make_room_by_their_size(tmp_path: Path):
    first, second = networks(tmp_path, 2)
    sessions = Sessions(max_bytes=len(NETWORK) + 1)
    sessions.open(first)

    sessions.open(second)

    assert len(sessions) == 1
