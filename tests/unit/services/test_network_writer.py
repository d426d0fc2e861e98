"""How networks become files while somebody waits."""

import pytest

from modelfoundry.bootstrap import build_services
from modelfoundry.errors import ExportError, WrongStateError
from modelfoundry.settings import Home, Settings

pytestmark = pytest.mark.slow  # a process loads torch


def test_who_does_not_want_to_wait_is_told_and_the_network_is_written_all_the_same(home: Home):
    predict = build_services(Settings(home=home)).predict

    with pytest.raises(WrongStateError, match="cnn-digits is still being written"):
        predict.write_network("cnn-digits", within_s=0)

    assert predict.write_network("cnn-digits").outputs == tuple("0123456789")
    assert len(list(home.networks.iterdir())) == 1


def test_a_network_without_weights_is_refused_with_the_reason(home: Home):
    with pytest.raises(ExportError, match="toy cannot be written as ONNX"):
        build_services(Settings(home=home)).predict.write_network("toy")
