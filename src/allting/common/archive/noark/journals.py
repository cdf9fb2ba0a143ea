"""loependeJournal.xml and offentligJournal.xml (Noark 5 v5.0): the second without what the law keeps back."""

from __future__ import annotations

from pathlib import Path

from django.db.models import Window
from django.db.models.functions import RowNumber

from allting.common.archive.models import Entry
from allting.common.archive.noark.structure import CHUNK, PARTIES, SPACE, XSI, Extraction, party_of
from allting.common.archive.noark.xml import Xml

STARS = "*****"


def write(taken: Extraction, folder: Path, *, public: bool) -> None:
    """Every entry in the order of its number. In the ``public`` one a withheld name is stars, with the paragraph."""
    name = "offentligJournal" if public else "loependeJournal"
    xml, space = Xml(folder / f"{name}.xml"), f"{SPACE}/{name}"
    with xml.inside(name, xmlns=space, xmlns_xsi=XSI, xsi_schemaLocation=f"{space} {name}.xsd"):
        with xml.inside("journalhode"):
            xml.leaves(journalStartDato=taken.start, journalSluttDato=taken.end)
            xml.leaves(seleksjon="Saker avsluttet i perioden", antallJournalposter=taken.entries.count())
            with xml.inside("arkivskaper"):
                xml.leaves(arkivskaperID=taken.number or taken.authority, arkivskaperNavn=taken.name)
        place = Window(RowNumber(), partition_by="file", order_by=["year", "number"])
        rows = taken.entries.select_related("file").annotate(place=place).order_by("year", "number")
        for entry in rows.iterator(chunk_size=CHUNK):
            _entry(xml, entry, entry.place, public=public)
    taken.counts[name] = {"journalregistrering": xml.count["journalregistrering"]}
    taken.sums[f"{name}.xml"] = xml.close()


def _entry(xml: Xml, entry: Entry, place: int, *, public: bool) -> None:
    file = entry.file
    assert file is not None
    year, _slash, number = file.case_number.partition("/")
    with xml.inside("journalregistrering"):
        with xml.inside("klasse"):
            xml.leaves(klasseID=file.klass, tittel=f"Klasse {file.klass}")
        titled = "offentligTittel" if public else "tittel"
        with xml.inside("saksmappe"):
            xml.leaves(saksaar=year, sakssekvensnummer=number, **{titled: file.title})
        with xml.inside("journalpost"):
            xml.leaves(systemID=entry.pk, journalaar=entry.year, journalsekvensnummer=entry.number)
            xml.leaves(journalpostnummer=place, **{titled: entry.title})
            xml.leaves(journaldato=entry.journalled_on, dokumentetsDato=entry.journalled_on)
            if entry.withheld:
                xml.leaves(tilgangsrestriksjon="Unntatt fra innsyn", skjermingshjemmel=entry.withheld)
            with xml.inside("korrespondansepart"):
                named = STARS if public and entry.withheld else party_of(entry)
                xml.leaves(korrespondanseparttype=PARTIES[entry.direction], korrespondansepartNavn=named)
