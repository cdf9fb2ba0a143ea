"""arkivstruktur.xml and endringslogg.xml (Noark 5 v5.0, vedlegg 2 and 3), with the documents beside them.

Names and order of the elements are those of the National Archives' schemas; the values of closed lists are texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from allting.common.archive.models import Change, Document, Entry, File
from allting.common.archive.noark.xml import Xml
from allting.kernel.calendar import months_after
from allting.kernel.encryption import NotReadable, unseal

SPACE = "http://www.arkivverket.no/standarder/noark5"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
TYPES = {
    "in": "Inngående dokument", "out": "Utgående dokument", "internal": "Organinternt dokument uten oppfølging",
}  # fmt: skip
PARTIES = {"in": "Avsender", "out": "Mottaker", "internal": "Intern mottaker"}
CHUNK = 500
Sealed = bytes | memoryview | None
AT_ONCE = 4 * 1024 * 1024  # bytes of documents in memory, or one that is larger


@dataclass
class Extraction:
    """What is taken out: one authority's files closed from ``start`` to ``end``, both days with."""

    authority: UUID
    name: str
    number: str
    start: date
    end: date
    at: datetime
    documents: int = 0
    destroyed: int = 0
    withheld: bool = False
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> QuerySet[File]:
        first, last = _midnight(self.start), _midnight(date.fromordinal(self.end.toordinal() + 1))
        return File.objects.filter(authority=self.authority, closed__gte=first, closed__lt=last)

    @property
    def entries(self) -> QuerySet[Entry]:
        return Entry.objects.filter(file__in=self.files)

    def id_of(self, what: str) -> UUID:
        """The same each time it is taken out."""
        return uuid5(NAMESPACE_URL, f"{self.authority}/{what}")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class Broken(Exception):
    """A stored document is not what was stored; its text names the document's id."""


def write(taken: Extraction, folder: Path) -> None:
    """Write arkivstruktur.xml and every document. Raises Broken."""
    xml = Xml(folder / "arkivstruktur.xml")
    space = f"{SPACE}/arkivstruktur"
    with xml.inside("arkiv", xmlns=space, xmlns_xsi=XSI, xsi_schemaLocation=f"{space} arkivstruktur.xsd"):
        opened = _midnight(taken.start)
        ended = {"avsluttetDato": taken.at, "avsluttetAv": taken.name}
        made = {"opprettetDato": opened, "opprettetAv": taken.name}
        xml.leaves(systemID=taken.id_of("arkiv"), tittel=f"Arkivet til {taken.name}", arkivstatus="Avsluttet")
        xml.leaves(**made, **ended)
        with xml.inside("arkivskaper"):
            xml.leaves(arkivskaperID=taken.number or taken.authority, arkivskaperNavn=taken.name)
        with xml.inside("arkivdel"):
            xml.leaves(systemID=taken.id_of("arkivdel"), tittel=f"Saker {taken.start} til {taken.end}")
            xml.leaves(arkivdelstatus="Avsluttet periode", **made, **ended)
            xml.leaves(arkivperiodeStartDato=taken.start, arkivperiodeSluttDato=taken.end)
            with xml.inside("klassifikasjonssystem"):
                xml.leaves(systemID=taken.id_of("klassifikasjonssystem"), tittel="Arkivnøkkel", **made)
                _classes(xml, taken, folder, made)
    taken.counts["arkivstruktur"] = {"mappe": xml.count["mappe"], "registrering": xml.count["registrering"]}
    taken.sums["arkivstruktur.xml"] = xml.close()


def _classes(xml: Xml, taken: Extraction, folder: Path, made: dict[str, object]) -> None:
    rows = _in_chunks(taken.files.order_by("klass", "closed", "id"))
    for klass, files in groupby(rows, key=lambda one: one.klass):
        with xml.inside("klasse"):
            xml.leaves(systemID=taken.id_of(f"klasse/{klass}"), klasseID=klass, tittel=f"Klasse {klass}", **made)
            for file in files:
                _file(xml, taken, folder, file)


def _in_chunks(files: QuerySet[File]) -> Iterator[File]:
    """Files with their entries and these with the facts of their documents, a chunk in memory at a time."""
    facts = Document.objects.defer("content").order_by("number")
    found = files.prefetch_related("entries", Prefetch("entries__documents", facts))
    return found.iterator(chunk_size=CHUNK)


def _file(xml: Xml, taken: Extraction, folder: Path, file: File) -> None:
    year, _slash, number = file.case_number.partition("/")
    with xml.inside("mappe", xsi_type="saksmappe"):
        xml.leaves(
            systemID=file.pk, mappeID=file.case_number, tittel=file.title, opprettetDato=file.opened,
            opprettetAv=taken.name, avsluttetDato=file.closed, avsluttetAv=taken.name,
        )  # fmt: skip
        if file.years is not None and file.closed:
            with xml.inside("kassasjon"):
                due = months_after(timezone.localdate(file.closed), 12 * file.years)
                xml.leaves(kassasjonsvedtak="Kasseres", bevaringstid=file.years, kassasjonsdato=due)
        entries = sorted(file.entries.all(), key=lambda one: (one.year, one.number))
        contents = _contents([one for entry in entries for one in entry.documents.all()])
        for place, entry in enumerate(entries, 1):
            _entry(xml, taken, folder, file, entry, place, contents)
        xml.leaves(
            saksaar=year, sakssekvensnummer=number, saksdato=timezone.localdate(file.opened),
            administrativEnhet=taken.name, saksansvarlig=taken.name, saksstatus="Avsluttet",
        )  # fmt: skip


def _contents(documents: list[Document]) -> dict[UUID, Sealed]:
    """The sealed contents of a case's documents, when they are small together; else each is read when it is written."""
    if sum(one.size for one in documents) > AT_ONCE:
        return {}
    return dict(Document.objects.filter(pk__in=[one.pk for one in documents[:CHUNK]]).values_list("pk", "content"))


def _content(one: Document, contents: dict[UUID, Sealed]) -> Sealed:
    if one.pk in contents:
        return contents.pop(one.pk)
    return Document.objects.values_list("content", flat=True).get(pk=one.pk)


def _entry(
    xml: Xml, taken: Extraction, folder: Path, file: File, entry: Entry, place: int,
    contents: dict[UUID, Sealed],
) -> None:  # fmt: skip
    with xml.inside("registrering", xsi_type="journalpost"):
        xml.leaves(systemID=entry.pk, opprettetDato=entry.created, opprettetAv=taken.name)
        xml.leaves(arkivertDato=entry.created, arkivertAv=taken.name)
        if entry.withheld:
            taken.withheld = True
            _withheld(xml, entry)
        documents = list(entry.documents.all())
        for one in documents:
            _document(xml, taken, folder, file, one, _content(one, contents))
        xml.leaves(registreringsID=f"{file.case_number}-{place}", tittel=entry.title)
        with xml.inside("korrespondansepart"):
            xml.leaves(korrespondanseparttype=PARTIES[entry.direction], korrespondansepartNavn=party_of(entry))
        moved = {"in": "mottattDato", "out": "sendtDato"}.get(entry.direction)
        xml.leaves(
            journalaar=entry.year, journalsekvensnummer=entry.number, journalpostnummer=place,
            journalposttype=TYPES[entry.direction], journalstatus="Arkivert", journaldato=entry.journalled_on,
            dokumentetsDato=entry.received_on or entry.journalled_on,
        )  # fmt: skip
        xml.leaves(**({moved: _moved(entry)} if moved else {}), antallVedlegg=max(len(documents) - 1, 0))


def _moved(entry: Entry) -> datetime:
    """When it came or went; what came before it was journalled has its day only, which begins it."""
    if entry.received_on is None:
        return entry.created
    return timezone.make_aware(datetime.combine(entry.received_on, time()))


def party_of(entry: Entry) -> str:
    return unseal(bytes(entry.party_name), f"journal:{entry.pk}").decode() or "Ukjent"


def _withheld(xml: Xml, entry: Entry) -> None:
    with xml.inside("skjerming"):
        xml.leaves(tilgangsrestriksjon="Unntatt fra innsyn", skjermingshjemmel=entry.withheld)
        xml.leaves(skjermingMetadata="Navn på korrespondansepart", skjermingDokument="Skjerming av hele dokumentet")


def _document(xml: Xml, taken: Extraction, folder: Path, file: File, one: Document, content: Sealed) -> None:
    title = unseal(bytes(one.title), f"archive-title:{one.pk}").decode()
    made = {"opprettetDato": one.created, "opprettetAv": taken.name}
    with xml.inside("dokumentbeskrivelse"):
        xml.leaves(
            systemID=one.pk, dokumenttype="Dokument", dokumentstatus="Dokumentet er ferdigstilt", tittel=title or "–",
            **made, tilknyttetRegistreringSom="Hoveddokument" if one.number == 1 else "Vedlegg",
            dokumentnummer=one.number, tilknyttetDato=one.created, tilknyttetAv=taken.name,
        )  # fmt: skip
        if content is None:
            taken.destroyed += 1
            with xml.inside("utfoertKassasjon"):
                xml.leaves(kassertDato=file.destroyed, kassertAv=taken.name)
            return
        reference = _copy(one, content, folder)
        taken.documents += 1
        with xml.inside("dokumentobjekt"):
            xml.leaves(
                systemID=taken.id_of(f"dokumentobjekt/{one.pk}"), versjonsnummer=1, variantformat="Arkivformat",
                format=ENDINGS.get(one.media_type, one.media_type).upper(), **made, referanseDokumentfil=reference,
                sjekksum=one.sha256, sjekksumAlgoritme="SHA-256", filstoerrelse=one.size,
            )  # fmt: skip


def _copy(one: Document, content: bytes | memoryview, folder: Path) -> str:
    """Write the bytes as they were stored, and answer the path from the extraction's top. Raises Broken."""
    try:
        data = unseal(bytes(content), f"archive:{one.pk}")
    except NotReadable:
        raise Broken(str(one.pk)) from None
    if sha256(data).hexdigest() != one.sha256:
        raise Broken(str(one.pk))
    place = Path("dokumenter") / one.pk.hex[-2:] / f"{one.pk}.{ENDINGS.get(one.media_type, 'bin')}"
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_bytes(data)
    return place.as_posix()


def write_changes(taken: Extraction, folder: Path) -> None:
    """endringslogg.xml: what was changed in the files that are taken out."""
    xml = Xml(folder / "endringslogg.xml")
    space = f"{SPACE}/endringslogg"
    with xml.inside("endringslogg", xmlns=space, xmlns_xsi=XSI, xsi_schemaLocation=f"{space} endringslogg.xsd"):
        for one in Change.objects.filter(file__in=taken.files).order_by("id").iterator(chunk_size=CHUNK):
            with xml.inside("endring"):
                xml.leaves(referanseArkivenhet=one.file_id, referanseMetadata=one.field, endretDato=one.at)
                xml.leaves(endretAv=one.by, tidligereVerdi=one.before, nyVerdi=one.after)
    taken.counts["endringslogg"] = {"endring": xml.count["endring"]}
    taken.sums["endringslogg.xml"] = xml.close()
