"""The elements of Noark 5 v5.0, in order and with how many: our own list from vedlegg 2, for tests.

It says what a reader can check without the National Archives' XSDs; the tests hold the extraction against those too.
"""

import re
from xml.etree import ElementTree

MADE = "opprettetDato opprettetAv"
JOURNAL_FILE = "saksaar sakssekvensnummer"
ELEMENTS = {
    "arkiv": f"systemID tittel beskrivelse? arkivstatus? {MADE} avsluttetDato avsluttetAv arkivskaper+ arkivdel+",
    "arkivskaper": "arkivskaperID arkivskaperNavn beskrivelse?",
    "arkivdel": f"systemID tittel arkivdelstatus {MADE} avsluttetDato avsluttetAv arkivperiodeStartDato?"
    " arkivperiodeSluttDato? klassifikasjonssystem*",
    "klassifikasjonssystem": f"systemID tittel {MADE} klasse+",
    "arkivstruktur/klasse": f"systemID klasseID tittel {MADE} mappe*",
    "mappe": f"systemID mappeID tittel offentligTittel? {MADE} avsluttetDato avsluttetAv kassasjon? skjerming?"
    f" registrering* {JOURNAL_FILE} saksdato administrativEnhet saksansvarlig journalenhet? saksstatus",
    "kassasjon": "kassasjonsvedtak kassasjonshjemmel? bevaringstid kassasjonsdato",
    "registrering": f"systemID {MADE} arkivertDato arkivertAv kassasjon? skjerming? dokumentbeskrivelse*"
    " registreringsID? tittel offentligTittel? korrespondansepart+ journalaar journalsekvensnummer journalpostnummer"
    " journalposttype journalstatus journaldato dokumentetsDato? mottattDato? sendtDato? antallVedlegg?",
    "skjerming": "tilgangsrestriksjon skjermingshjemmel skjermingMetadata+ skjermingDokument?",
    "korrespondansepart": "korrespondanseparttype korrespondansepartNavn",
    "dokumentbeskrivelse": f"systemID dokumenttype dokumentstatus tittel {MADE} tilknyttetRegistreringSom"
    " dokumentnummer tilknyttetDato tilknyttetAv utfoertKassasjon? dokumentobjekt*",
    "utfoertKassasjon": "kassertDato kassertAv",
    "dokumentobjekt": f"systemID versjonsnummer variantformat format {MADE} referanseDokumentfil sjekksum"
    " sjekksumAlgoritme filstoerrelse",
    "endringslogg": "endring+",
    "endring": "referanseArkivenhet referanseMetadata endretDato endretAv tidligereVerdi nyVerdi",
    "loependeJournal": "journalhode journalregistrering+",
    "offentligJournal": "journalhode journalregistrering+",
    "journalhode": "journalStartDato journalSluttDato seleksjon? antallJournalposter arkivskaper+",
    "journalregistrering": "klasse? saksmappe journalpost",
    "journal/klasse": "klasseID tittel",
    "loependeJournal/saksmappe": f"{JOURNAL_FILE} tittel offentligTittel?",
    "offentligJournal/saksmappe": f"{JOURNAL_FILE} offentligTittel?",
    "loependeJournal/journalpost": "systemID journalaar journalsekvensnummer journalpostnummer tittel offentligTittel?"
    " journaldato dokumentetsDato? tilgangsrestriksjon? skjermingshjemmel? korrespondansepart+",
    "offentligJournal/journalpost": "systemID journalaar journalsekvensnummer journalpostnummer offentligTittel?"
    " journaldato dokumentetsDato? tilgangsrestriksjon? skjermingshjemmel? korrespondansepart+",
}
_MOMENT = (
    "opprettetDato",
    "avsluttetDato",
    "arkivertDato",
    "mottattDato",
    "sendtDato",
    "endretDato",
    "kassertDato",
    "tilknyttetDato",
)
_UUID = r"[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}"
_DATE = r"\d{4}-\d\d-\d\d"
_INTEGER = (
    "saksaar", "sakssekvensnummer", "journalaar", "journalsekvensnummer", "journalpostnummer", "filstoerrelse",
    "bevaringstid", "antallVedlegg", "antallJournalposter", "versjonsnummer", "dokumentnummer",
)  # fmt: skip


def faults(path):
    """What is wrong in a file: order, number, and how values are written."""
    root = ElementTree.parse(path).getroot()
    whole = path.stem
    found = []
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        rule = ELEMENTS.get(f"{whole}/{name}") or ELEMENTS.get(name) or ELEMENTS.get(f"journal/{name}")
        if name == "klasse":
            rule = ELEMENTS["arkivstruktur/klasse" if whole == "arkivstruktur" else "journal/klasse"]
        children = "".join(one.tag.rpartition("}")[2] + " " for one in element)
        if rule:
            if not re.fullmatch(re.sub(r"(\w+)([?+*]?) ?", r"(\1 )\2", rule), children):
                found.append(f"{name}: {children}")
        elif children or not (element.text or "").strip() or not re.fullmatch(_form(name), element.text):
            found.append(f"{name}: {element.text!r} {children}")
    return found


def _form(name):
    if name in ("systemID", "referanseArkivenhet"):
        return _UUID
    if name in _INTEGER:
        return r"-?\d+"
    if name in _MOMENT:
        return _DATE + r"T\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)?"
    return _DATE if name.lower().endswith("dato") else r"(?s).+"
