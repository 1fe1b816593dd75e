"""How is a bundle released: its entries, the addresses that they have, and what a server was asked or answered?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from transforms.fhir.references import BASE, read_reference
from transforms.fhir.special import put_reference
from transforms.records.vocabulary import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.fhir.change import Walk

_ID: Final = Rule("pseudonymize", "row_id", "fhir-Bundle")
_IF_NONE: Final = re.compile(r"identifier=(?P<system>[^|&]*)\|(?P<value>[^|&]+)")
_KEPT: Final = ("type", "total")


class Bundles:
    """Goes through one bundle."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._tally = walk.made.tally

    def bundle(self, source: Mapping[str, Any]) -> dict[str, Any]:
        """Change a bundle; an entry whose resource is left out goes with it."""
        from transforms.fhir.change import LeftOut  # noqa: PLC0415 - the walk goes through bundles, and they through it

        walk = self._walk
        out: dict[str, Any] = {"resourceType": "Bundle"}
        self._tally.records["Bundle"] += 1
        entries = [entry for entry in source.get("entry") or () if isinstance(entry, dict)]
        walk.known = _addresses(entries)
        for entry in entries:
            if isinstance(resource := entry.get("resource"), dict):
                own = walk.known.get(str(entry.get("fullUrl")))
                walk.work.learn({"id": own[1], **resource} if own else resource)
        for name, value in source.items():
            if name in _KEPT:
                out[name] = value
                self._tally.counts[f"Bundle.{name}", "kept"] += 1
                walk.made.keep(f"Bundle.{name}", str(value), walk.record)
            elif name == "id" and isinstance(value, str):
                out[name] = None
                walk.work.paths.note("Bundle.id", _ID)
                walk.harvest.put("Bundle.id", _ID, value, out, name, None, walk.record)
            elif name not in {"resourceType", "entry"}:
                self._tally.unknown(f"Bundle.{name}")
        kept = []
        for entry in entries:
            try:
                kept.append(self._entry(entry))
            except LeftOut as why:
                self._tally.left_out[str(why)] += 1
        if kept:
            out["entry"] = kept
        return out

    def _entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        walk = self._walk
        out: dict[str, Any] = {}
        resource, url = entry.get("resource"), entry.get("fullUrl")
        own = walk.known.get(url) if isinstance(url, str) else None
        if isinstance(resource, dict):
            walk.own = own
            made = walk.resource(resource)
            if isinstance(url, str):
                self._full_url(url, own, out)
            out["resource"] = made
        for name, value in entry.items():
            if name == "request" and isinstance(value, dict):
                out[name] = self._request(value)
            elif name == "response" and isinstance(value, dict):
                out[name] = self._response(value)
            elif name == "search" and isinstance(value, dict):
                out[name] = {key: value[key] for key in ("mode", "score") if key in value}
            elif name not in {"resource", "fullUrl"}:
                self._tally.unknown(f"Bundle.entry.{name}")
        return out

    def _full_url(self, url: str, own: tuple[str, str] | None, out: dict[str, Any]) -> None:
        target = read_reference(url, self._walk.work.paths.types)
        rule = self._walk.work.id_rule(own[0]) if own else None
        if target is None or rule is None or target.system is not None:
            self._tally.unknown("Bundle.entry.fullUrl")
            return
        form = target.form if target.type is None else f"{BASE}{target.type}/".__add__
        self._walk.work.paths.note("Bundle.entry.fullUrl", rule)
        if rule.action == "keep":
            out["fullUrl"] = form(target.id)
            return
        out["fullUrl"] = None
        self._walk.harvest.put("Bundle.entry.fullUrl", rule, target.id, out, "fullUrl", None, self._walk.record, form)

    def _request(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """What a server was asked to do: its method, and where, without the query's other words."""
        out: dict[str, Any] = {"method": request["method"]} if request.get("method") in _METHODS else {}
        url = request.get("url")
        head = re.split(r"[/?]", url)[0] if isinstance(url, str) else ""
        known = head if head in self._walk.work.paths.types or head == "Bundle" else ""
        if url == known or not put_reference(self._walk, url, "Bundle.entry.request.url", out, "url"):
            out["url"] = known or "Basic"
        condition = request.get("ifNoneExist")
        found = _IF_NONE.fullmatch(condition) if isinstance(condition, str) else None
        rule = self._walk.work.identifier_rule(found["system"], []) if found else None
        if found and rule is not None and rule.action in {"pseudonymize", "token"}:
            out["ifNoneExist"] = None
            form = f"identifier={found['system']}|".__add__
            path = "Bundle.entry.request.ifNoneExist"
            self._walk.work.paths.note(path, rule)
            self._walk.harvest.put(path, rule, found["value"], out, "ifNoneExist", None, self._walk.record, form)
        elif condition is not None:
            self._tally.unknown("Bundle.entry.request.ifNoneExist")
        return out

    def _response(self, response: Mapping[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        status = response.get("status")
        if isinstance(status, str) and (code := re.match(r"\d{3}", status)):
            out["status"] = code[0]
        if "location" in response:
            put_reference(self._walk, response["location"], "Bundle.entry.response.location", out, "location")
        return out


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"})


def _addresses(entries: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """The address of each entry to its resource's type and id; the id of one that has none is its URN's."""
    known = {}
    for entry in entries:
        url, resource = entry.get("fullUrl"), entry.get("resource")
        if isinstance(url, str) and isinstance(resource, dict) and isinstance(resource.get("resourceType"), str):
            own = resource.get("id")
            known[url] = resource["resourceType"], own if isinstance(own, str) else url.rpartition(":")[2]
    return known
