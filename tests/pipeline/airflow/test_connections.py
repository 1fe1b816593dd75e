"""Which login does an Airflow connection hold for a system of Douane's?"""

import json

import pytest

from pipeline.errors import Stopped

pytestmark = pytest.mark.airflow


@pytest.fixture
def keep(monkeypatch):
    """Keep a connection where Airflow's environment backend finds it."""

    def keep(name: str, **fields) -> None:
        monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps({"conn_type": "generic"} | fields))

    return keep


def login_of(name: str, address: str):
    from pipeline.airflow.connections import login_of

    return login_of(name, address)


def test_a_stores_keys_endpoint_and_what_douane_asks_for_besides(keep):
    extra = {"endpoint_url": "https://oos.example", "region_name": "eu-west-2", "douane": {"encryption": "AES256"}}
    keep("lake", login="AKI", password="hidden", extra=extra)
    found = login_of("lake", "s3://lake/in")
    assert (found.address, found.endpoint, found.region, found.encryption) == (
        "s3://lake/in",
        "https://oos.example",
        "eu-west-2",
        "AES256",
    )
    assert found.secret_access_key.get_secret_value() == "hidden"
    assert "hidden" not in repr(found)


def test_a_servers_key_and_login(keep):
    keep("partner", login="chu", extra={"key_file": "/keys/one", "host_key": "ssh-ed25519 AAAA"})
    found = login_of("partner", "sftp://sftp.example/in")
    assert (found.user, str(found.private_key), found.host_key) == ("chu", "/keys/one", "ssh-ed25519 AAAA")


def test_a_databases_login(keep):
    keep("warehouse", login="eds", password="hidden", extra={"sslmode": "require"})
    found = login_of("warehouse", "postgresql://db.example/eds")
    assert (found.user, found.password.get_secret_value(), found.sslmode) == ("eds", "hidden", "require")


def test_a_folder_needs_none(keep):
    keep("premises")
    assert login_of("premises", "/srv/lake") is None


def test_a_connection_that_lacks_what_the_system_needs_stops_the_task_without_telling_its_password(keep):
    keep("partner", login="chu", password="hidden")
    with pytest.raises(Stopped, match="the connection partner is none for sftp: host_key: Field required") as caught:
        login_of("partner", "sftp://sftp.example/in")
    assert "hidden" not in str(caught.value)


def test_a_connection_that_does_not_exist_stops_the_task():
    with pytest.raises(Stopped, match="the connection none_such doesn't exist"):
        login_of("none_such", "s3://lake")
