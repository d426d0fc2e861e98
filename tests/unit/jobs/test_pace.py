import pytest

from modelfoundry.jobs.pace import Pace


def test_time_left_follows_from_the_steps_so_far():
    pace = Pace(now=100.0)

    assert pace.eta_s("search", done=1, total=4, now=110.0) == 30.0  # 10 s a step, 3 to go
    assert pace.eta_s("search", done=2, total=4, now=114.0) == 14.0  # 7 s a step, 2 to go


def test_steps_of_an_earlier_attempt_are_not_counted_as_fast():
    pace = Pace(now=0.0)

    assert pace.eta_s("search", done=11, total=20, now=5.0) == 45.0  # 5 s a step, 9 to go


def test_a_new_stage_is_measured_from_the_end_of_the_one_before():
    pace = Pace(now=0.0)
    pace.eta_s("search", done=1, total=1, now=100.0)

    assert pace.eta_s("export", done=1, total=3, now=102.0) == 4.0  # 2 s a step, 2 to go


def test_nothing_done_means_no_estimate():
    assert Pace(now=0.0).eta_s("search", done=0, total=3, now=1.0) is None


def test_nothing_is_left_at_the_end():
    assert Pace(now=0.0).eta_s("search", done=3, total=3, now=9.0) == pytest.approx(0.0)
