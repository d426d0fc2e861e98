import pytest

from modelfoundry.cli.durations import format_duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s"),
        (12.4, "12 s"),
        (59.6, "1 min"),  # rounds to 60 s
        (72, "1 min 12 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h"),
        (7800, "2 h 10 min"),
        (86_399, "23 h 59 min"),
        (86_460, "1 d"),  # the minute is left out
        (273_700, "3 d 4 h"),  # 3 x 86,400 + 4 x 3,600 + 100
    ],
    ids=str,
)
def test_a_length_of_time_is_said_in_its_two_largest_units(seconds: float, words: str):
    assert format_duration(seconds) == words
