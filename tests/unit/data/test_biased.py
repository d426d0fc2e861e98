import numpy as np
import pytest

from modelfoundry.data.biased import biased_parts, biased_subset, split_subset
from modelfoundry.data.images import ImageSet
from modelfoundry.errors import InvalidInputError

CIFAR10 = np.repeat(np.arange(10), 5000)
SVHN = np.repeat(np.arange(10), [4948, 13861, 10585, 8497, 7458, 6882, 5727, 5595, 5045, 4659])


# Seed, sizes of the two parts, and images per class, as the published tool draws them.
@pytest.mark.parametrize(
    ("seed", "sizes", "counts"),
    [
        (0, (14415, 3604), [1200, 1894, 1392, 1187, 831, 1565, 868, 3353, 5000, 729]),
        (1, (18683, 4671), [1140, 4190, 4933, 462, 220, 845, 5000, 379, 1819, 4366]),
        (2, (19780, 4945), [2965, 136, 4130, 2959, 2823, 2076, 1185, 5000, 1844, 1607]),
        (3, (15161, 3791), [1765, 2717, 758, 1577, 4929, 5000, 296, 512, 116, 1282]),
        (4, (12321, 3081), [1662, 1071, 3078, 725, 5000, 293, 343, 163, 2449, 618]),
        (5, (14978, 3745), [500, 4077, 461, 5000, 1335, 1885, 2894, 1456, 701, 414]),
        (6, (16898, 4225), [1803, 3202, 774, 5000, 392, 1878, 179, 2723, 4174, 998]),
        (7, (19397, 4850), [3328, 1412, 1651, 3414, 5000, 872, 3635, 2982, 801, 1152]),
        (8, (11272, 2819), [1163, 147, 2066, 1134, 1712, 165, 1145, 1270, 5000, 289]),
        (9, (13960, 3490), [564, 1198, 430, 2484, 2263, 5000, 2573, 865, 488, 1585]),
        (10, (13346, 3337), [1442, 187, 3184, 854, 505, 277, 1543, 5000, 2415, 1276]),
        (11, (10316, 2580), [662, 289, 966, 540, 321, 905, 2502, 5000, 684, 1027]),
        (12, (16522, 4131), [5000, 409, 1697, 1506, 241, 1217, 2528, 4449, 1322, 2284]),
        (13, (17596, 4400), [2090, 376, 2416, 4689, 5000, 839, 1305, 2076, 1426, 1779]),
        (14, (17296, 4325), [2660, 4604, 1268, 3083, 2724, 326, 534, 1149, 5000, 273]),
        (15, (10164, 2541), [5000, 521, 147, 1187, 852, 1998, 966, 960, 313, 761]),
        (16, (12832, 3209), [2260, 585, 190, 2048, 1804, 895, 123, 5000, 2439, 697]),
    ],
)
def test_cifar10_is_drawn_as_published(seed, sizes, counts):
    subset = biased_subset(CIFAR10, seed=seed, concentration=1.0, min_size=100)

    assert tuple(map(len, split_subset(subset))) == sizes
    assert np.bincount(CIFAR10[subset]).tolist() == counts


@pytest.mark.parametrize(
    ("seed", "sizes", "counts"),
    [
        (0, (19784, 4947), [4100, 1587, 10585, 530, 399, 2935, 1802, 555, 2176, 62]),
        (1, (18866, 4717), [1022, 13861, 2523, 393, 2920, 1259, 212, 360, 381, 652]),
        (2, (13863, 3466), [1213, 1968, 356, 613, 2445, 100, 156, 5595, 4823, 60]),
        (3, (15882, 3971), [677, 55, 3012, 5313, 907, 6882, 1335, 663, 135, 874]),
        (4, (25992, 6499), [892, 465, 5325, 1632, 4835, 4945, 5663, 260, 5045, 3429]),
        (5, (12981, 3246), [165, 402, 1715, 4464, 446, 30, 5727, 652, 1443, 1183]),
        (6, (21228, 5307), [4948, 8837, 76, 1483, 519, 818, 953, 1564, 3192, 4145]),
        (7, (9516, 2379), [15, 1456, 416, 2420, 338, 171, 1173, 162, 5045, 699]),
        (8, (23360, 5840), [4948, 13479, 1392, 1651, 1652, 3687, 1648, 331, 398, 14]),
        (9, (18278, 4570), [617, 3127, 10585, 12, 1056, 1239, 28, 1452, 737, 3995]),
        (10, (11535, 2884), [1522, 2232, 106, 449, 7458, 59, 12, 635, 161, 1785]),
        (11, (15203, 3801), [559, 281, 2117, 3101, 47, 6882, 26, 858, 4520, 613]),
        (12, (19720, 4931), [38, 9707, 84, 3099, 2439, 1976, 316, 5595, 1329, 68]),
        (13, (8116, 2029), [96, 1303, 106, 808, 1167, 87, 12, 10, 1897, 4659]),
    ],
)
def test_svhn_is_drawn_as_published(seed, sizes, counts):
    subset = biased_subset(SVHN, seed=seed, concentration=0.5, min_size=10)

    assert tuple(map(len, split_subset(subset))) == sizes
    assert np.bincount(SVHN[subset]).tolist() == counts


def test_no_image_is_drawn_twice():
    subset = biased_subset(CIFAR10, seed=1, concentration=1.0, min_size=100)

    assert len(np.unique(subset)) == len(subset)


def test_a_subset_is_mixed_so_that_both_parts_have_every_class():
    subset = biased_subset(CIFAR10, seed=1, concentration=1.0, min_size=100)

    assert [len(np.unique(CIFAR10[part])) for part in split_subset(subset)] == [10, 10]


def test_the_parts_are_the_images_of_the_subset_in_its_order():
    labels = np.repeat([0, 1], 10)
    images = ImageSet(np.arange(20, dtype=np.uint8).reshape(20, 1, 1, 1), labels)
    subset = biased_subset(labels, seed=5, concentration=1.0, min_size=2)

    train, validation = biased_parts(images, seed=5, concentration=1.0, min_size=2)

    assert [*train.images.flatten(), *validation.images.flatten()] == subset.tolist()
    assert len(train) == len(subset) * 4 // 5


def test_more_images_of_a_class_than_there_are_is_refused_with_the_most_that_are():
    with pytest.raises(InvalidInputError, match=r"smallest class has 3 .* choose 3 or less"):
        biased_subset(np.repeat([0, 1], [3, 9]), seed=0, concentration=1.0, min_size=4)


def test_a_bias_too_strong_for_the_least_number_is_refused():
    with pytest.raises(InvalidInputError, match="smaller min_size or a larger concentration"):
        biased_subset(np.repeat([0, 1], 50), seed=0, concentration=0.1, min_size=50)
