"""The words vacancies are sorted by: the major groups of STYRK-08 (Statistics Norway), and kinds of employment."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, Any] = {
    "1": _("Managers"),
    "2": _("Professionals"),
    "3": _("Technicians and associate professionals"),
    "4": _("Clerical support workers"),
    "5": _("Service and sales workers"),
    "6": _("Farming, forestry and fishery"),
    "7": _("Craft and related trades"),
    "8": _("Plant and machine operators, drivers"),
    "9": _("Cleaners, helpers and other elementary work"),
    "0": _("Armed forces"),
}
KINDS: dict[str, Any] = {
    "permanent": _("Permanent"),
    "temporary": _("Temporary"),
    "apprentice": _("Apprenticeship"),
    "summer": _("Summer or extra job"),
}
MAX_SKILLS = 20


def skills(text: str) -> list[str]:
    """Skills as they are compared: parted by commas or lines, lower case, each once, in the order written."""
    parts = (" ".join(part.split()).lower()[:40] for part in text.replace("\n", ",").split(","))
    return list(dict.fromkeys(part for part in parts if part))[:MAX_SKILLS]
