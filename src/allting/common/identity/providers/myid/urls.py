from django.urls import path

from allting.common.identity.providers.myid import mine

urlpatterns = [
    path("my/eids/myid", mine.home),
    path("my/eids/myid/new", mine.new),
    path("my/eids/myid/code", mine.code),
    path("my/eids/myid/password", mine.password),
    path("my/eids/myid/mobile", mine.mobile),
    path("my/eids/myid/app", mine.app),
    path("my/eids/myid/do/<slug:what>", mine.act),
]
