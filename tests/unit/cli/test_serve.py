import pytest
from tests.unit.cli.conftest import Command


@pytest.mark.parametrize("options", [("--host", "::"), ("--login", "required")])
def test_a_server_that_nobody_could_log_in_to_does_not_start(
    run: Command, options: tuple[str, ...]
):
    status, _, err = run("serve", "--port", "0", *options)

    assert status == 2
    assert "modelfoundry tokens create NAME --scope admin" in err
    assert "--login off" in err


def test_a_setting_of_the_login_that_is_none_is_refused(
    run: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MODELFOUNDRY_LOGIN", "maybe")

    status, _, err = run("serve", "--port", "0")

    assert status == 2
    assert "MODELFOUNDRY_LOGIN is 'maybe'; choose one of auto, required, off" in err
