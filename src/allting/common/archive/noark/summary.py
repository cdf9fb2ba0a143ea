"""arkivuttrekk.xml: what the extraction holds, with counts and checksums (ADDML, Noark 5 vedlegg 5)."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from allting.common.archive.noark.structure import XSI, Extraction
from allting.common.archive.noark.xml import Xml

SPACE = "http://www.arkivverket.no/standarder/addml"
PARTS = ("arkivstruktur", "endringslogg", "loependeJournal", "offentligJournal")
Property = tuple[str, Any, list[Any]]  # name, value, properties within


def write(taken: Extraction, folder: Path) -> None:
    """The last file: it names all the others, the schemas too when they lie in the folder."""
    xml = Xml(folder / "arkivuttrekk.xml")
    name = "Noark 5-arkivuttrekk"
    where = {"xmlns": SPACE, "xmlns_xsi": XSI, "xsi_schemaLocation": f"{SPACE} addml.xsd"}
    with xml.inside("addml", name=name, **where), xml.inside("dataset"):
        xml.leaves(description=name)
        _reference(xml, taken)
        with xml.inside("dataObjects"), xml.inside("dataObject", name=name):
            _properties(xml, [("info", None, _info(taken))])
            with xml.inside("dataObjects"):
                for part in PARTS:
                    with xml.inside("dataObject", name=part):
                        _properties(xml, _part(taken, folder, part))
    taken.sums["arkivuttrekk.xml"] = xml.close()


def _reference(xml: Xml, taken: Extraction) -> None:
    with xml.inside("reference"):
        with xml.inside("context"), xml.inside("additionalElements"):
            with xml.inside("additionalElement", name="recordCreators"), xml.inside("additionalElements"):
                _element(xml, "recordCreator", taken.name)
            _element(xml, "systemType", "Sakarkiv (Noark-5)")
            _element(xml, "systemName", "Allting")
            _element(xml, "archive", f"Arkivet til {taken.name}")
        content, period = xml.inside("content"), xml.inside("additionalElement", name="archivalPeriod")
        with content, xml.inside("additionalElements"), period:
            _properties(xml, [("startDate", taken.start, []), ("endDate", taken.end, [])])


def _element(xml: Xml, name: str, value: str) -> None:
    with xml.inside("additionalElement", name=name):
        xml.leaves(value=value)


def _info(taken: Extraction) -> list[Property]:
    period: list[Property] = [("inngaaendeSkille", "skarpt", []), ("utgaaendeSkille", "skarpt", [])]
    temporary = taken.files.exclude(years=None).exists()
    return [
        ("type", "Noark 5", [("version", "5.0", [])]),
        ("additionalInfo", None, [
            ("periode", None, period),
            ("inneholderSkjermetInformasjon", taken.withheld, []),
            ("omfatterDokumenterSomErKassert", taken.destroyed > 0, []),
            ("inneholderDokumenterSomSkalKasseres", temporary, []),
            ("inneholderVirksomhetsspesifikkeMetadata", False, []),
            ("antallDokumentfiler", taken.documents, []),
        ]),
    ]  # fmt: skip


def _part(taken: Extraction, folder: Path, part: str) -> list[Property]:
    found = [_file(f"{part}.xml", taken.sums[f"{part}.xml"])]
    for place, schema in enumerate((f"{part}.xsd", "metadatakatalog.xsd")):
        if (folder / schema).exists():
            told = [_file(schema, sha256((folder / schema).read_bytes()).hexdigest())]
            told.append(("type", "XML Schema", [("version", "1.0", [])]))
            found.append(("schema", None if place else "main", told))
    counts: list[Property] = [
        ("numberOfOccurrences", name, [("elementPath", f"//{name}", []), ("value", number, [])])
        for name, number in taken.counts[part].items()
    ]
    return [*found, ("info", None, counts)]


def _file(name: str, digest: str) -> Property:
    checksum: list[Property] = [("algorithm", "SHA-256", []), ("value", digest, [])]
    return ("file", None, [
        ("name", name, []), ("format", "XML", [("version", "1.0", [])]), ("checksum", None, checksum),
    ])  # fmt: skip


def _properties(xml: Xml, properties: Iterable[Property]) -> None:
    with xml.inside("properties"):
        for name, value, within in properties:
            kind = {bool: "boolean", int: "integer"}.get(type(value))
            with xml.inside("property", name=name, **({"dataType": kind} if kind else {})):
                xml.leaves(value=value)
                if within:
                    _properties(xml, within)
