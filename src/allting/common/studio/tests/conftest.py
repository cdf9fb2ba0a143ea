import pytest


@pytest.fixture
def folder(settings, tmp_path):
    settings.STUDIO_FOLDER = str(tmp_path / "work")
    settings.DATA_FOLDER = tmp_path
    (tmp_path / "work").mkdir()
    return tmp_path / "work"
