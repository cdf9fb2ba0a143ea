"""Every text of the pages is there in every language of the house."""

import re

import pytest

from tools import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def template():
    return messages.collect()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_text_is_left_untranslated(language, template):
    missing = messages.untranslated(messages.updated(language, template))
    assert not missing, f"run `make messages`, then translate in locale/{language}: {missing[:20]}"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_keep_the_placeholders(language):
    for message in messages.current(language):
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        wanted = set(PLACEHOLDER.findall(message.id[-1] if isinstance(message.id, (tuple, list)) else message.id))
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) <= wanted, message.id
