"""Are the archive's documents still what was stored?"""

from collections.abc import Iterator
from hashlib import sha256

from allting.common.archive.models import Document
from allting.kernel.encryption import NotReadable, unseal
from allting.kernel.findings import Finding, error, ok


def documents() -> Iterator[Finding]:
    """Every one is opened and its checksum counted again; the ids of those that differ are told, nothing of what is in
    them."""
    count = 0
    for one in Document.objects.exclude(content=None).order_by("id").iterator(chunk_size=1):
        count += 1
        try:
            whole = sha256(unseal(bytes(one.content or b""), f"archive:{one.pk}")).hexdigest() == one.sha256
        except NotReadable:
            whole = False
        if not whole:
            yield error("archive", f"document {one.pk} is not what was stored", "put it back from a backup")
    yield ok("archive", f"{count} documents have been read")


CHECKS = (documents,)
