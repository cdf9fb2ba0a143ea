"""The demo's: knows the harmless test file that every scanner knows (eicar.org), and nothing else."""

# In two halves, so that no scanner takes this file for the test file.
_TEST = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def scan(data: bytes) -> str:
    return "Eicar-Test-Signature" if _TEST in data else ""


def version() -> str:
    return "the demo's own, which knows EICAR only"
