"""The ``allting`` command: Django's management commands, found by folder in every room."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("ALLTING_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allting.site.settings")
    execute_from_command_line(["allting", *sys.argv[1:]])
