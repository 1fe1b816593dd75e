"""The image and the compose file are documentation that nobody here can run: what a linter would say of them, said."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
LINES = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
INSTRUCTIONS = [tuple(line.split(maxsplit=1)) for line in LINES if line and not line.startswith("#")]
COMPOSE = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def said(word: str) -> list[str]:
    return [rest for instruction, rest in INSTRUCTIONS if instruction == word]


def test_every_instruction_is_one():
    assert {word for word, _ in INSTRUCTIONS} <= {"FROM", "ENV", "RUN", "WORKDIR", "COPY", "USER", "CMD"}


def test_the_base_image_and_every_other_have_a_version():
    images = said("FROM") + [service["image"] for service in COMPOSE["services"].values() if "image" in service]
    assert [image for image in images if not re.search(r":\d", image)] == []


def test_the_image_runs_as_a_user_of_its_own():
    assert said("USER")[-1] not in {"root", "0"}


def test_what_the_image_copies_is_here():
    sources = [word for rest in said("COPY") for word in rest.split()[:-1] if not word.startswith("--")]
    assert [name for name in sources if not (ROOT / name).exists()] == []


def test_pip_asks_for_hashes_of_everything_that_it_downloads():
    installs = [command for rest in said("RUN") for command in rest.split("&&") if "pip install" in command]
    assert len(installs) == 2
    assert all("--require-hashes" in command or "--no-deps" in command for command in installs)


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_nothing_listens_on_another_address_than_the_loopback(name):
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"][name].get("ports", ()))


def test_no_secret_stands_in_the_files():
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    secrets = re.findall(r"^\s*(\w*(?:PASSWORD|SECRET|KEY)\w*): (.*)$", text, re.MULTILINE)
    assert len(secrets) >= 3
    assert [value for _, value in secrets if not value.startswith("${")] == []


def test_every_service_waits_for_one_that_exists():
    services = COMPOSE["services"]
    assert {other for service in services.values() for other in service.get("depends_on", {})} <= services.keys()
