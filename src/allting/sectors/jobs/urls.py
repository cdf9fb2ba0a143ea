from django.urls import path

from allting.sectors.jobs import employer, views

app_name = "jobs"
urlpatterns = [
    path("jobs", views.find, name="find"),
    path("jobs/<uuid:vacancy_id>", views.vacancy, name="vacancy"),
    path("my/jobs", views.mine, name="mine"),
    path("my/jobs/apply", views.apply, name="apply"),
    path("my/jobs/withdraw", views.withdraw, name="withdraw"),
    path("my/jobs/cv", views.cv, name="cv"),
    path("my/jobs/alerts", views.add_alert, name="add-alert"),
    path("my/jobs/alerts/<uuid:alert_id>/remove", views.remove_alert, name="remove-alert"),
    path("employer/vacancies", employer.vacancies, name="vacancies"),
    path("employer/vacancies/new", employer.new, name="new"),
    path("employer/vacancies/<uuid:vacancy_id>", employer.one, name="one"),
    path("employer/vacancies/<uuid:vacancy_id>/change", employer.change, name="change"),
    path("employer/vacancies/<uuid:vacancy_id>/close", employer.close, name="close"),
    path("employer/vacancies/<uuid:vacancy_id>/take-over", employer.take_over, name="take-over"),
    path("employer/vacancies/<uuid:vacancy_id>/answer/<uuid:interest_id>", employer.answer, name="answer"),
]
