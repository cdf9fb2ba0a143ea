"""Jobs: the register of vacancies, CVs, matching in words, alerts, and those who apply."""

from allting.sectors.jobs.alerts import add, alerts, remove, search_of
from allting.sectors.jobs.interests import Applied, answer, apply, own, own_one, received, withdraw
from allting.sectors.jobs.matching import Match, best, explain
from allting.sectors.jobs.profiles import Cv, cv, delete, save
from allting.sectors.jobs.vacancies import (
    Search,
    answers_for,
    change,
    close,
    employer_of,
    newest,
    publish,
    search,
    take_over,
    vacancy,
)
from allting.sectors.jobs.vacancies import own as vacancies_of
from allting.sectors.jobs.vacancies import own_one as vacancy_of

__all__ = [
    "Applied", "Cv", "Match", "Search", "add", "alerts", "answer", "answers_for", "apply", "best", "change",
    "close", "cv", "delete", "employer_of", "explain", "newest", "own", "own_one", "publish", "received",
    "remove", "save", "search", "search_of", "take_over", "vacancies_of", "vacancy", "vacancy_of", "withdraw",
]  # fmt: skip
