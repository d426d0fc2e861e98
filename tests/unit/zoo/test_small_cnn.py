import torch

from modelfoundry.zoo.small_cnn import SmallCnn


def test_small_cnn_has_fewer_than_150_thousand_parameters():
    # 3x3 weights: 9 * (3*16 + 16*32 + 32*32 + 32*64 + 64*64) = 69,552
    # batch norm: 2 * (16 + 32 + 32 + 64 + 64) = 416; linear: 64*10 + 10 = 650
    assert sum(p.numel() for p in SmallCnn(10).parameters()) == 70_618


def test_small_cnn_takes_images_of_8_by_8():
    assert SmallCnn(3).eval()(torch.zeros(2, 3, 8, 8)).shape == (2, 3)
