from django.urls import path

from allting.common.catalogue import harvest, views

app_name = "catalogue"
urlpatterns = [
    path("search", views.search, name="search"),
    path("services", views.services, name="services"),
    path("services/<slug:slug>", views.service, name="service"),
    path("life-events/<slug:slug>", views.life_event, name="life-event"),
    path("schemas/service.json", harvest.schema, name="schema"),
    path("catalogue.ttl", harvest.turtle, name="turtle"),
    path("catalogue.jsonld", harvest.json_ld, name="json-ld"),
    path("sitemap.xml", harvest.sitemap, name="sitemap"),
    path("opensearch.xml", harvest.opensearch, name="opensearch"),
]
