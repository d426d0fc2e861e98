import numpy as np
import pytest

from modelfoundry.algorithms.reuse.calibration import platt


def test_the_line_says_how_often_a_margin_was_right():
    # At margin -1 one of four is a yes, at +1 three of four. Labels count 5/6 and 1/6 here, so
    # that the share at +1 is (3 * 5/6 + 1/6) / 4 = 2/3, whose log-odds are ln 2; at -1 -ln 2.
    margins = np.array([-1.0] * 4 + [1.0] * 4, dtype=np.float32)
    is_shown = np.array([True, False, False, False, True, True, True, False])

    line = platt(margins, is_shown)

    assert line.scale == pytest.approx(np.log(2), abs=1e-5)
    assert line.offset == pytest.approx(0, abs=1e-6)


def test_the_unit_of_margins_does_not_matter():
    margins = np.array([-3, -1, 2, 4, -2, 5], dtype=np.float32)
    is_shown = np.array([False, True, False, True, False, True])

    plain, large = platt(margins, is_shown), platt(margins * 1000, is_shown)

    assert large.scale * 1000 == pytest.approx(plain.scale, rel=1e-3)
    assert large.offset == pytest.approx(plain.offset, abs=1e-3)


def test_margins_that_separate_the_images_get_a_finite_scale():
    line = platt(np.array([-9, -8, 8, 9], dtype=np.float32), np.array([False, False, True, True]))

    # Labels count 3/4 and 1/4: certainty stays at log-odds of about ln 3.
    assert line.scale * 8.5 == pytest.approx(np.log(3), rel=0.05)


def test_margins_that_are_all_the_same_say_how_common_the_class_is():
    line = platt(np.zeros(4, dtype=np.float32), np.array([True, False, False, False]))

    # One yes of four, counted 2/3, and noes counted 1/5: (2/3 + 3/5) / 4 = 19/60.
    assert line.offset == pytest.approx(np.log(19 / 41), abs=1e-5)
