from tests.unit.cli.conftest import Command

from modelfoundry.bootstrap import build_services
from modelfoundry.settings import Home, Settings


def test_a_token_is_made_listed_and_revoked(run: Command, home: Home):
    _, secret, hint = run("tokens", "create", "laptop", "--scope", "submit", "--expires-days", "30")
    services = build_services(Settings(home=home))
    found = services.tokens.find(secret.strip())

    assert found is not None
    assert found.id in hint
    listed = run("tokens", "list")[1]
    assert [word for word in (found.id, "laptop", "submit") if word not in listed] == []

    run("tokens", "revoke", found.id)
    assert services.tokens.find(secret.strip()) is None


def test_revoking_what_is_not_there_is_refused(run: Command):
    status, _, err = run("tokens", "revoke", "nope")

    assert status == 2
    assert err == (
        "modelfoundry: no token named 'nope'; all are listed by: modelfoundry tokens list\n"
    )
