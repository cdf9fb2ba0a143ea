"""Dates and numbers where Django's own ways of writing them are not our readers'."""
