from django.urls import path

from allting.common.cases import office, office_letters, office_own, office_search, office_together, own, views

app_name = "cases"
urlpatterns = [
    path("services/<slug:slug>/start", views.start, name="start"),
    path("drafts/<uuid:draft_id>", views.draft, name="draft"),
    path("drafts/<uuid:draft_id>/review", views.review, name="review"),
    path("drafts/<uuid:draft_id>/stopped", views.stopped, name="stopped"),
    path("drafts/<uuid:draft_id>/delete", views.discard, name="discard"),
    path("drafts/<uuid:draft_id>/<slug:name>", views.page, name="page"),
    path("my/cases", own.my_cases, name="cases"),
    path("my/cases/<uuid:case_id>", own.case, name="case"),
    path("my/cases/<uuid:case_id>/receipt", own.receipt, name="receipt"),
    path("my/cases/<uuid:case_id>/appeal", own.appeal, name="appeal"),
    path("my/cases/<uuid:case_id>/answer", own.answer, name="answer"),
    path("my/cases/<uuid:case_id>/withdraw", own.withdraw, name="withdraw"),
    path("my/cases/<uuid:case_id>/container", own.container, name="container"),
    path("my/cases/<uuid:case_id>/files/<uuid:file_id>", own.case_file, name="file"),
    path("my/sign", own.to_sign, name="to-sign"),
    path("my/sign/<uuid:case_id>", own.sign, name="sign"),
    path("my/sign/<uuid:case_id>/document", own.sign_paper, name="sign-paper"),
    path("my/hearings/<uuid:inquiry_id>", own.hearing, name="hearing"),
    path("office", office.first, name="office"),
    path("office/queue", office.queue, name="queue"),
    path("office/search", office_search.search, name="office-search"),
    path("office/together", office_together.together, name="office-together"),
    path("office/texts", office_letters.texts, name="office-texts"),
    path("office/own", office_own.own, name="office-own"),
    path("office/questions/<uuid:inquiry_id>", office_own.question, name="office-question"),
    path("office/cases/<uuid:case_id>", office.case, name="office-case"),
    path("office/cases/<uuid:case_id>/files/<uuid:file_id>", office.case_file, name="office-file"),
    path("office/cases/<uuid:case_id>/signed", office.signed, name="office-signed"),
    path("office/cases/<uuid:case_id>/letter", office_letters.letter, name="office-letter"),
    path("office/cases/<uuid:case_id>/<slug:action>", office.act, name="act"),
]
