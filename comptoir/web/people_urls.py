"""Addresses of people and brands: who belongs, who is invited, who asks, who is on duty, and what owners settle."""

from django.urls import path

from comptoir.organisation import addresses  # noqa: F401 - registers <number:...>
from comptoir.web import brands, duty, invitations, joining, people, teams, terms

urlpatterns = [
    path("brands/", brands.brands, name="brands"),
    path("brands/new/", brands.new, name="brand-new"),
    path("invitation/<str:token>/", invitations.acceptance, name="acceptance"),
    path("join/", joining.join, name="join"),
    path("join/request/", joining.asking, name="asking"),
    path("join/<str:token>/", joining.joining, name="joining"),
    path("b/<slug:brand>/settings/", brands.brand, name="brand"),
    path("b/<slug:brand>/archive/", brands.archive, name="archive"),
    path("b/<slug:brand>/domains/", brands.domains, name="domains"),
    path("b/<slug:brand>/domains/<number:pk>/withdrawal/", brands.shutting, name="shutting"),
    path("b/<slug:brand>/people/", people.people, name="people"),
    path("b/<slug:brand>/people/<number:pk>/", people.person, name="member"),
    path("b/<slug:brand>/people/<number:pk>/terms/", terms.terms, name="terms"),
    path("b/<slug:brand>/teams/", teams.teams, name="teams"),
    path("b/<slug:brand>/teams/<number:pk>/", teams.team, name="team"),
    path("b/<slug:brand>/teams/<number:pk>/dissolution/", teams.dissolution, name="team-dissolution"),
    path("b/<slug:brand>/duty/", duty.duty, name="duty"),
    path("b/<slug:brand>/duty/dates/", duty.stand_in, name="stand-in"),
    path("b/<slug:brand>/duty/patience/", duty.patience, name="duty-patience"),
    path("b/<slug:brand>/shifts/<number:pk>/removal/", duty.shift_removal, name="shift-removal"),
    path("b/<slug:brand>/alarms/<number:pk>/", duty.alarm, name="alarm"),
    path(
        "b/<slug:brand>/alarms/<number:pk>/acknowledgement/",
        duty.acknowledgement,
        name="acknowledgement",
    ),
    path("b/<slug:brand>/requests/<number:pk>/", people.join_request, name="join-request"),
    path("b/<slug:brand>/invitations/", invitations.invitations, name="invitations"),
    path("b/<slug:brand>/invitations/<number:pk>/sending/", invitations.sending, name="sending"),
    path("b/<slug:brand>/invitations/<number:pk>/withdrawal/", invitations.withdrawal, name="withdrawal"),
]
