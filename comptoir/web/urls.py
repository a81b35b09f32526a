"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

from comptoir.networks.views import authorising
from comptoir.organisation import addresses  # noqa: F401 - registers <number:...> for all that follows
from comptoir.web import audit, hours, notices, other_hours, views

urlpatterns: list[URLPattern | URLResolver] = [
    # First what is asked for all day: the others are not looked at then.
    path("b/<slug:brand>/", include("comptoir.inbox.urls")),
    path("", views.home, name="home"),
    path("settings/", views.settings, name="settings"),
    path("language/", views.language, name="language"),
    path("queries/colours/", views.colours, name="query-colours"),
    path("", include("comptoir.web.entrance_urls")),
    path("", include("comptoir.web.people_urls")),
    path("", include("comptoir.web.security_urls")),
    path("", include("comptoir.web.programs_urls")),
    path("channels/back/", authorising.back, name="authorised"),
    path("notices/", notices.notices, name="notices"),
    path("notices/bell/", notices.bell, name="bell"),
    path("settings/notices/", notices.notice_settings, name="notice-settings"),
    path("settings/notices/devices/", notices.device, name="device"),
    path("service-worker.js", notices.service_worker, name="service-worker"),
    path("", include("comptoir.inbox.public_urls")),
    path("", include("comptoir.listening.public_urls")),
    path("", include("comptoir.publishing.public_urls")),
    path("b/<slug:brand>/", include("comptoir.listening.urls")),
    path("b/<slug:brand>/", include("comptoir.publishing.urls")),
    path("b/<slug:brand>/", include("comptoir.networks.urls")),
    path("b/<slug:brand>/", include("comptoir.measurement.urls")),
    path("b/<slug:brand>/hours/", hours.hours, name="hours"),
    path("b/<slug:brand>/hours/new/", other_hours.new, name="other-hours-new"),
    path("b/<slug:brand>/hours/<number:pk>/", other_hours.one, name="other-hours"),
    path("b/<slug:brand>/hours/<number:pk>/removal/", other_hours.removal, name="other-hours-removal"),
    path("b/<slug:brand>/audit/", audit.audit, name="audit"),
    path("b/<slug:brand>/audit/export/", audit.audit_export, name="audit-export"),
    path("", include("comptoir.web.privacy_urls")),
]

handler400 = "comptoir.web.views.bad_request"
handler403 = "comptoir.web.views.forbidden"
handler404 = "comptoir.web.views.not_found"
handler500 = "comptoir.web.views.broken"
handler429 = "comptoir.web.entrance.too_many"
