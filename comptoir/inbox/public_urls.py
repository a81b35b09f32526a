"""Addresses for people who have no account here: what they hold is their right."""

from django.urls import path

from comptoir.inbox.views import case_answers
from comptoir.inbox.views.survey import survey
from comptoir.organisation import addresses  # noqa: F401 - registers <number:...>

urlpatterns = [
    path("survey/<str:token>/", survey, name="survey"),
    path("case/<str:token>/", case_answers.case_answer, name="case-answer"),
    path("desks/<number:pk>/outcomes/", case_answers.desk_outcomes, name="desk-outcomes"),
]
