"""``allting check FOLDER``: is each service file there right? Without a folder: Django's own check, and our files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.check import Command as DjangoCheck

from allting.common.catalogue import api as catalogue


class Command(DjangoCheck):
    help = "Check service files: each fault as file:line, what is wrong and how to mend it. Runs their examples too."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of service files, for editors")

    def handle(self, *labels: Any, schema: bool = False, **options: Any) -> None:
        if schema:
            self.stdout.write(json.dumps(catalogue.json_schema(), ensure_ascii=False, indent=2))
            return
        given = [Path(one).resolve() for one in labels if Path(one).is_dir()]
        if not given:
            super().handle(*labels, **options)
        where = given or catalogue.folders()
        faults = catalogue.check(where)
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} to mend")
        files = sum(len(list(folder.glob("*.yaml"))) for folder in where)
        self.stdout.write(f"{files} service files are right.")
