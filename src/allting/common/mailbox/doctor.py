"""Can a letter be made and sealed?"""

from collections.abc import Iterator

from django.conf import settings
from django.utils.module_loading import import_string

from allting.common.mailbox.api import Paragraph, document
from allting.kernel.findings import Finding, error, ok


def letter() -> Iterator[Finding]:
    try:
        pdf = document("Prøve", [Paragraph("Prøve")], "nb")
        import_string(settings.LETTER_SEAL)(pdf, "doctor")
    except Exception as fault:
        yield error("letters", f"none can be made ({type(fault).__name__})", "see LETTER_SEAL and `allting keys`")
    else:
        yield ok("letters", "one was made and sealed")


CHECKS = (letter,)
