"""Stands in for the room of letters, which is higher than ours: LETTER_POST names it."""

posted = []


def catch(recipient, title, paragraphs, key):
    posted.append((recipient, title, paragraphs, key))
