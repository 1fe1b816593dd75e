"""What may stand in the four files of a register? (pydantic models; loaded only when a register is read)."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads it
from difflib import get_close_matches
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from pipeline.documents import Document, Part

Country = str


def text_of(value: object) -> object:
    """Take the number that YAML makes of an unquoted `3.2` for the text it was meant to be."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def country_code(value: object) -> object:
    """Refuse what YAML 1.1 makes of an unquoted NO."""
    if isinstance(value, bool):
        raise ValueError('a country is false or true here: quote "NO"')  # noqa: TRY004 - pydantic wants ValueError
    return value


class Described(Part):
    """A part whose rule keys are known and whose other keys (`note`, `confidence`, `*_source`) are for people.

    A key that is nearly one of the rule keys is a typing error, not a note.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _no_typing_errors(cls, data: Any) -> Any:  # noqa: ANN401 - raw YAML
        if isinstance(data, dict):
            for key in data:
                near = get_close_matches(str(key), cls.model_fields, n=1, cutoff=0.85)
                if key not in cls.model_fields and near:
                    raise ValueError(f"unknown key {key}; did you mean {near[0]}?")
        return data


class Service(Described):
    """A service of a provider, and the hosts that prove it."""

    id: str
    activities: tuple[int, ...] = ()
    hosts: tuple[str, ...] = ()
    region_free_hosts: tuple[str, ...] = ()
    fixed_region: str | None = None


class Provider(Described):
    """A company that hosts, where it sits, and from where it is controlled."""

    id: str
    legal_entity: str = ""
    seat: Country | None = None
    controlled_from: Country | None = None
    services: tuple[Service, ...] = ()
    regions: dict[str, Country]
    cities: dict[str, str] = Field(default_factory=dict)

    _countries = field_validator("seat", "controlled_from", mode="before")(country_code)

    @field_validator("regions", mode="before")
    @classmethod
    def _regions(cls, value: Any) -> Any:  # noqa: ANN401 - raw YAML
        if isinstance(value, dict):
            for country in value.values():
                country_code(country)
        return value


class ProvidersFile(Described):
    """providers.yaml."""

    format: Literal[1]
    providers: tuple[Provider, ...]


class Territory(Described):
    """A territory with its own ISO code."""

    status: Literal["eu", "third"]
    of: Country | None = None

    _countries = field_validator("of", mode="before")(country_code)


class Adequacy(Described):
    """An adequacy decision (GDPR art. 45): never opens storage."""

    iso: Country | None = None
    until: date | None = None
    scope: str = ""


class JurisdictionsFile(Described):
    """jurisdictions.yaml."""

    format: Literal[1]
    eu: frozenset[Country]
    eea_not_eu: frozenset[Country]
    aliases: dict[str, Country] = Field(default_factory=dict)
    special: dict[Country, Territory] = Field(default_factory=dict)
    adequacy: tuple[Adequacy, ...] = ()

    @field_validator("eu", "eea_not_eu", mode="before")
    @classmethod
    def _quoted(cls, value: Any) -> Any:  # noqa: ANN401 - raw YAML
        return [country_code(country) for country in value] if isinstance(value, list) else value


class LawsFile(Described):
    """laws.yaml: the law that each rule names."""

    format: Literal[1]
    hds_version_1_ended: date
    laws: dict[str, dict[str, str]]


class Evidence(Part):
    """The document behind a certificate; one without name or hash documents nothing."""

    document: str = ""
    sha256: str = ""
    read_on: date | None = None
    read_by: str = ""

    _sha256 = field_validator("sha256", mode="before")(text_of)


class Certificate(Part):
    """A certificate: what it covers, and until when."""

    id: str
    scheme: Literal["hds", "secnumcloud"]
    version: str = ""
    provider: str
    holder: str = ""
    services: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    activities: tuple[int, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    status: Literal["verified", "claimed"] = "claimed"
    evidence: Evidence | None = None
    third_country_access: tuple[Country, ...] = ()
    """Countries from which the certificate or contract lets people reach the data (decree 2026-209): shown."""

    _version = field_validator("version", mode="before")(text_of)


class CertificatesFile(Document):
    """certificates.yaml."""

    format: Literal[1]
    certificates: tuple[Certificate, ...] = ()

    @field_validator("certificates", mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        return () if value is None else value


class Match(Part):
    """What an entry speaks for: exactly one of these."""

    host: str | None = None
    bucket: str | None = None
    account: str | None = None
    cidr: str | None = None
    path: str | None = None
    socket: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("match names exactly one of host, bucket, account, cidr, path, socket")
        return self


class VerifiedDestination(Part):
    """What the DPO has verified by name."""

    id: str
    match: Match
    hosting: Literal["self", "provider"]
    country: Country | None = None
    provider: str | None = None
    service: str | None = None
    region: str | None = None
    verified_by: str = ""
    verified_on: date | None = None
    valid_until: date | None = None
    ght_exemption: Evidence | None = None
    """The document by which an establishment of the same GHT hosts without an HDS certificate."""

    _countries = field_validator("country", mode="before")(country_code)


class DestinationsFile(Document):
    """destinations.yaml."""

    format: Literal[1]
    destinations: tuple[VerifiedDestination, ...] = ()

    @field_validator("destinations", mode="before")
    @classmethod
    def _empty(cls, value: object) -> object:
        return () if value is None else value


FILES: dict[str, type[Part]] = {
    "providers.yaml": ProvidersFile,
    "jurisdictions.yaml": JurisdictionsFile,
    "laws.yaml": LawsFile,
    "certificates.yaml": CertificatesFile,
    "destinations.yaml": DestinationsFile,
}


def schema_of(name: str) -> dict[str, Any]:
    """Describe a register file as JSON Schema, for editors.

    Example:
        >>> schema_of("certificates.yaml")["required"]
        ['format']
    """
    schema = FILES[name].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
