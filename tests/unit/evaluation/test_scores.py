import numpy as np
import pytest

from modelfoundry.evaluation.scores import OTHER, Answers, answers_of, calibration_of, score

# A network that gives three classes the probabilities 1/2, 1/4, 1/4.
HALF_AND_QUARTERS = np.log(np.array([[0.5, 0.25, 0.25]], dtype=np.float32))


def answers(*choices: int) -> Answers:
    return Answers(np.array(choices), np.ones(len(choices)))


def test_the_largest_logit_answers_with_its_probability():
    answered = answers_of(HALF_AND_QUARTERS, np.arange(3))

    assert answered.choices.tolist() == [0]
    assert answered.confidences.tolist() == pytest.approx([0.5])


def test_classes_with_the_same_answer_add_up_their_probabilities():
    # "Is it class 1?": class 0 is chosen, so the answer is no; classes 0 and 2 say so together.
    answered = answers_of(HALF_AND_QUARTERS, np.array([1, 0, 1]))

    assert answered.choices.tolist() == [1]
    assert answered.confidences.tolist() == pytest.approx([0.75])


def test_a_class_that_was_not_asked_about_is_another_answer():
    assert answers_of(HALF_AND_QUARTERS, np.array([OTHER, 0, 1])).choices.tolist() == [OTHER]


def test_huge_logits_do_not_overflow():
    answered = answers_of(np.array([[1e4, 0.0]], dtype=np.float32), np.arange(2))

    assert answered.confidences.tolist() == [1.0]


def test_accuracy_is_counted_over_all_images_and_per_class():
    # Class 0: 1 of 2 right; class 1: 2 of 2; class 2 has no image.
    scores = score(answers(0, 1, 1, 1), np.array([0, 0, 1, 1]), num_labels=3)

    assert scores.accuracy == 0.75
    assert scores.accuracy_per_class == (0.5, 1.0, None)


def test_confusion_counts_images_by_label_and_answer():
    scores = score(answers(0, 1, 1, 0), np.array([0, 0, 1, 1]), num_labels=2)

    assert scores.confusion == ((1, 1), (1, 1))
    assert scores.other == (0, 0)


def test_an_answer_that_was_not_asked_for_is_wrong_and_counted_apart():
    scores = score(answers(0, OTHER, OTHER), np.array([0, 0, 1]), num_labels=2)

    assert scores.confusion == ((1, 0), (0, 0))
    assert scores.other == (1, 1)
    assert scores.accuracy == pytest.approx(1 / 3)


def test_the_calibration_error_weighs_each_bin_with_its_images():
    # 15 bins: 0.62 and 0.64 fall into (9/15, 10/15], 0.95 and 0.99 into (14/15, 1].
    # First: confidence 0.63, accuracy 0.5, off by 0.13. Second: 0.97 and 1, off by 0.03.
    # Error: 2/4 * 0.13 + 2/4 * 0.03 = 0.08.
    calibration = calibration_of(
        np.array([0.62, 0.64, 0.95, 0.99]), np.array([True, False, True, True])
    )

    assert calibration.expected_error == pytest.approx(0.08)
    assert [item.images for item in calibration.bins] == [0] * 9 + [2] + [0] * 4 + [2]
    assert calibration.bins[9].accuracy == 0.5
    assert calibration.bins[9].confidence == pytest.approx(0.63)
    assert calibration.bins[0].accuracy is None


def test_an_upper_border_belongs_to_its_bin():
    calibration = calibration_of(np.array([3 / 15, 1.0]), np.array([True, True]))

    assert [item.images for item in calibration.bins] == [0, 0, 1] + [0] * 11 + [1]


def test_answers_as_often_right_as_they_are_confident_are_perfectly_calibrated():
    is_right = np.array([True, True, True, False])

    assert calibration_of(np.full(4, 0.75), is_right).expected_error == 0
