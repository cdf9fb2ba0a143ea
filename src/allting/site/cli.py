"""The ``allting`` command: Django's management commands, found by folder in every room."""

from __future__ import annotations

import os
import select
import sys

from django.core.management import execute_from_command_line

CLOSED = 128 + 13  # as a shell says of a program that ended because nobody read what it printed (SIGPIPE)


def main() -> None:
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("ALLTING_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allting.site.settings")
    try:
        execute_from_command_line(["allting", *sys.argv[1:]])
        sys.stdout.flush()
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        sys.exit(CLOSED)


def _nobody_reads() -> bool:
    """Whether it was what we print to that was closed, as by ``| head``, and not a connection of the command's own.
    What is left to print then goes nowhere, so that Python does not complain of it at the end."""
    looked = select.poll()
    looked.register(sys.stdout.fileno(), 0)
    if not any(what & select.POLLERR for _number, what in looked.poll(0)):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True
