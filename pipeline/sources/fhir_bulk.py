"""How does a FHIR server hand over its data: Bulk Data's `$export`, asked for, waited for, and read file by file?

HL7 FHIR Bulk Data Access 2.0 (https://hl7.org/fhir/uv/bulkdata/): a kick-off that answers 202 with the place to ask, polling with
Retry-After, a manifest, files of NDJSON. Nothing is written on the server; at the end its copy is asked to be deleted. A
token goes to the server's own host and to no other, whatever a manifest says; redirects are not followed.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from pipeline.connections import FhirConnection, connection_for
from pipeline.errors import DatabaseFailed, InvalidDocument, InvalidInput
from pipeline.optional import load_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PREFIX: Final = "fhir+"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_OPTIONS: Final = frozenset({"types", "since", "group"})
_TRIES: Final = 6
_LONGEST_WAIT: Final = 300.0
_PATIENCE: Final = 24 * 3600.0
_TIMEOUT: Final = 60.0
_LONGEST_LINE: Final = 256 << 20


@dataclass(frozen=True)
class Output:
    """One file of an export.

    Attributes:
        type: The type of its resources.
        url: Where it is.
        count: How many resources it has, if the server says so.
    """

    type: str
    url: str
    count: int | None


@dataclass(frozen=True)
class BulkExport:
    """What is asked of a server.

    Attributes:
        base: The server's address, `https://host/base`.
        types: The types of resources; none: all.
        since: Only what changed since this instant.
        group: Only the patients of this group.
        connection: The login; None: none is sent.
        wait: Waits so many seconds.
    """

    base: str
    types: str = ""
    since: str = ""
    group: str = ""
    connection: FhirConnection | None = None
    wait: Callable[[float], None] = field(default=time.sleep, compare=False)

    @classmethod
    def at(cls, address: str) -> BulkExport:
        """Read an address such as `fhir+https://fhir.chu.example/r4?types=Patient,Observation&group=g1`.

        Raises:
            InvalidDocument: A password in it, an option that isn't one, or http to another machine.

        Example:
            >>> BulkExport.at("fhir+https://fhir.chu.example/r4?types=Patient").base
            'https://fhir.chu.example/r4'
        """
        parts = urlsplit(address.removeprefix(_PREFIX))
        options = dict(parse_qsl(parts.query))
        if parts.password is not None or parts.username is not None:
            raise InvalidDocument(
                "a FHIR server's address holds a login", hint="Put it into private/connections.yaml, and change it."
            )
        unknown = sorted(options.keys() - _OPTIONS)
        if unknown or not parts.hostname:
            raise InvalidDocument(
                "a FHIR server's address has no host, or an option that isn't one",
                hint=f"Write fhir+https://host/base, with {', '.join(sorted(_OPTIONS))} behind a question mark.",
            )
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise InvalidDocument(
                f"{parts.hostname} would send patients' data over the network unenciphered", hint="Write fhir+https://."
            )
        base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        found = connection_for(base)
        login = found if isinstance(found, FhirConnection) else None
        types, since, group = (options.get(name, "") for name in ("types", "since", "group"))
        return cls(base, types=types, since=since, group=group, connection=login)

    @contextmanager
    def outputs(self) -> Iterator[tuple[list[Output], Reader]]:
        """Have the export made; give its files, and what reads them. Leaving, the server's copy is asked to be deleted.

        Raises:
            DatabaseFailed: The server doesn't answer, refuses, or gives up.
            InvalidInput: What it answers is no Bulk Data, or it reports errors.
            MissingLibrary: The library is not installed.
        """
        httpx = load_library("httpx", extra="fhir", what="A FHIR server")
        with httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False, verify=self._verify()) as client:
            reader = Reader(self, client, httpx)
            status = reader.kick_off()
            manifest = reader.poll(status)
            try:
                reader.refuse_errors(manifest)
                yield _outputs(manifest, "output"), reader
            finally:
                reader.forget(status)

    def _verify(self) -> Any:  # noqa: ANN401 - what httpx takes
        import ssl  # noqa: PLC0415 - only a server needs it

        ca = self.connection.ca if self.connection else None
        return ssl.create_default_context(cafile=str(ca) if ca else None)


class Reader:
    """Speaks to one server in the course of one export."""

    def __init__(self, export: BulkExport, client: Any, httpx: Any) -> None:  # noqa: ANN401 - httpx's
        self._export = export
        self._client = client
        self._httpx = httpx

    def kick_off(self) -> str:
        """Ask for the export; gives the address that tells how far it is."""
        export = self._export
        where = f"{export.base}/Group/{export.group}/$export" if export.group else f"{export.base}/$export"
        asked = {"_outputFormat": "application/fhir+ndjson", "_type": export.types, "_since": export.since}
        answer = self._patiently(
            where,
            params={name: value for name, value in asked.items() if value},
            headers={"Accept": "application/fhir+json", "Prefer": "respond-async"},
        )
        place = answer.headers.get("Content-Location", "")
        if answer.status_code != 202 or not place:
            raise self._refused(answer, "doesn't take the export")
        return str(place)

    def poll(self, status: str) -> Mapping[str, Any]:
        """Ask till the export is made; gives its manifest."""
        waited = 0.0
        while True:
            answer = self._patiently(status, headers={"Accept": "application/json"})
            if answer.status_code == 200:
                break
            if answer.status_code != 202:
                raise self._refused(answer, "gave the export up")
            seconds = _retry_after(answer, 10.0)
            if waited > _PATIENCE:
                raise DatabaseFailed(f"{self._export.base} has not made the export in a day", hint="Ask its keeper.")
            self._export.wait(seconds)
            waited += seconds
        try:
            manifest = answer.json()
        except ValueError:
            manifest = None
        if not isinstance(manifest, dict) or not isinstance(manifest.get("output"), list):
            raise InvalidInput(f"{self._export.base} gives no manifest of Bulk Data", hint="Check the address.")
        return manifest

    def refuse_errors(self, manifest: Mapping[str, Any]) -> None:
        """Stop where the server says that it could not export something; what it only remarks is passed over."""
        import json  # noqa: PLC0415 - only here

        for output in _outputs(manifest, "error"):
            for line in self.lines(output):
                try:
                    issues = json.loads(line).get("issue", [])
                except (ValueError, AttributeError):
                    issues = [{"severity": "error"}]
                if any(issue.get("severity") in {"error", "fatal"} for issue in issues):
                    raise InvalidInput(
                        f"{self._export.base} could not export everything: its manifest lists errors",
                        hint="Ask its keeper, then run again.",
                    )

    def lines(self, output: Output) -> Iterator[bytes]:
        """Read a file line by line; a connection that breaks is taken up again where it broke.

        Raises:
            DatabaseFailed: It broke again and again without getting on.
            InvalidInput: The file has not as many lines as the manifest says, or ends within one.
        """
        rest, count = b"", 0
        for chunk in self._chunks(output.url):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise InvalidInput(
                    f"{self._export.base}: a resource of {output.type} is longer than {_LONGEST_LINE >> 20} MiB",
                    hint="Ask its keeper.",
                )
            for line in whole:
                if line.strip():
                    count += 1
                    yield line
        if rest.strip():
            count += 1
            yield rest
        if output.count is not None and count != output.count:
            raise InvalidInput(
                f"{self._export.base}: a file of {output.type} has {count} resources, its manifest says {output.count}",
                hint="Run again; nothing was released.",
            )

    def forget(self, status: str) -> None:
        """Ask the server to delete its copy; that it doesn't is its own affair."""
        with _suppressed(self._httpx.HTTPError):
            self._client.delete(status, headers=self._login(status))

    def _chunks(self, url: str) -> Iterator[bytes]:
        at, tries = 0, 0
        while True:
            begun = at
            try:
                for chunk in self._from(url, at):
                    at += len(chunk)
                    yield chunk
            except self._httpx.TransportError:
                tries = 0 if at > begun else tries + 1
                if tries >= _TRIES:
                    raise self._silent() from None
                self._export.wait(min(2.0**tries, 60.0))
                continue
            return

    def _from(self, url: str, at: int) -> Iterator[bytes]:
        """A file's bytes from the one with this number."""
        # Compressed, the number of a byte would be that of another.
        headers = {"Accept": "application/fhir+ndjson", "Accept-Encoding": "identity", **self._login(url)}
        if at:
            headers["Range"] = f"bytes={at}-"
        with self._client.stream("GET", url, headers=headers) as answer:
            if answer.status_code in {429, 503}:
                self._export.wait(_retry_after(answer, 10.0))
                raise self._httpx.TransportError("busy")
            if answer.status_code not in {200, 206}:
                raise self._refused(answer, "doesn't give a file of the export")
            skip = at if answer.status_code == 200 else 0  # a server without ranges starts again
            for chunk in answer.iter_bytes(1 << 20):
                if skip >= len(chunk):
                    skip -= len(chunk)
                    continue
                yield chunk[skip:]
                skip = 0

    def _patiently(self, url: str, **options: Any) -> Any:  # noqa: ANN401 - httpx's
        """Ask once, and again where the server is busy or the line broke."""
        headers = {**options.pop("headers", {}), **self._login(url)}
        for attempt in range(_TRIES):
            try:
                answer = self._client.get(url, headers=headers, **options)
            except self._httpx.TransportError:
                self._export.wait(min(2.0**attempt, 60.0))
                continue
            if answer.status_code not in {429, 503}:
                return answer
            self._export.wait(_retry_after(answer, 2.0**attempt))
        raise self._silent()

    def _login(self, url: str) -> dict[str, str]:
        """The token, for the server's own host; no other host ever sees it."""
        connection, own = self._export.connection, urlsplit(self._export.base)
        there = urlsplit(url)
        if there.scheme not in {"https", own.scheme} or not there.hostname:
            raise InvalidInput(f"{self._export.base} names an address that is not https", hint="Ask its keeper.")
        if connection is None or (there.scheme, there.netloc) != (own.scheme, own.netloc):
            return {}
        return {"Authorization": f"Bearer {connection.token.get_secret_value()}"}

    def _silent(self) -> DatabaseFailed:
        return DatabaseFailed(
            f"{self._export.base} doesn't answer, or is too busy", hint="Run again when it does: nothing was released."
        )

    def _refused(self, answer: Any, what: str) -> DatabaseFailed:  # noqa: ANN401 - httpx's
        code = answer.status_code
        mend = {
            401: "Put its token into private/connections.yaml.",
            403: "Ask for the right to export.",
            404: "Check the address: is it a server with Bulk Data?",
        }
        return DatabaseFailed(
            f"{self._export.base} {what} (HTTP {code})", hint=mend.get(code, "Ask its keeper, then run again.")
        )


@contextmanager
def _suppressed(sort: type[BaseException]) -> Iterator[None]:
    try:
        yield
    except sort:
        return


def _outputs(manifest: Mapping[str, Any], name: str) -> list[Output]:
    found = []
    for entry in manifest.get(name) or ():
        if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
            raise InvalidInput("a manifest of Bulk Data has a file without an address", hint="Ask the server's keeper.")
        kind, count = entry.get("type"), entry.get("count")
        whole = isinstance(count, int) and not isinstance(count, bool)
        found.append(
            Output(kind if isinstance(kind, str) and kind.isalpha() else "", entry["url"], count if whole else None)
        )
    return found


def _retry_after(answer: Any, otherwise: float) -> float:  # noqa: ANN401 - httpx's
    """The seconds that a server asks to wait, at most five minutes."""
    written = answer.headers.get("Retry-After", "")
    seconds = otherwise
    if written.isdigit():
        seconds = float(written)
    elif written:
        try:
            seconds = (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            seconds = otherwise
    return min(max(seconds, 0.0), _LONGEST_WAIT)
