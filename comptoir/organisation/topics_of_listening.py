"""What notices about listening say."""

from django.utils.translation import gettext_noop

from comptoir.organisation.topic import DIGEST, NEVER, Topic

_SPIKE = gettext_noop(
    "Something unusual is said of %(query)s: %(posts)s messages where %(usual)s are usual, %(negative)s in a hundred "
    "negative. As much is heard once in %(days)s days."
)
_SILENCE = gettext_noop(
    "Nothing is said of %(query)s any more, where %(missed)s messages would be usual by now. Look whether it is still "
    "listened to."
)

LISTENING = {
    "source_lost": Topic(
        gettext_noop("A place where the brand listens is out of reach"),
        gettext_noop(
            "%(source)s has been out of reach for more than a quarter of an hour. It is tried again by itself, and "
            "goes on from where it was."
        ),
        role="manager",
        mail=DIGEST,
        push=NEVER,
        page="source",
    ),
    "source_silent": Topic(
        gettext_noop("A place where the brand listens is silent"),
        gettext_noop("The line to %(source)s is open, but for longer than is usual nothing was said there."),
        role="manager",
        mail=DIGEST,
        push=NEVER,
        page="source",
    ),
    "source_behind": Topic(
        gettext_noop("A place where the brand listens is heard late"),
        gettext_noop(
            "%(source)s is heard more than a quarter of an hour late. Nothing is lost: it catches up by itself."
        ),
        role="manager",
        mail=DIGEST,
        push=NEVER,
        page="source",
    ),
    "spike": Topic(
        gettext_noop("Something unusual is said of a query"),
        _SPIKE,
        role="manager",
        strip="",
        page="alert",
        bad=False,
    ),
    "silence": Topic(
        gettext_noop("Nothing is said of a query where there usually is talk"),
        _SILENCE,
        role="manager",
        strip="",
        page="alert",
    ),
    "spike_followed": Topic(
        gettext_noop("Something unusual is said of a query that you follow"),
        _SPIKE,
        page="alert",
        personal=True,
        bad=False,
    ),
    "silence_followed": Topic(
        gettext_noop("Nothing is said of a query that you follow"),
        _SILENCE,
        page="alert",
        personal=True,
    ),
    "takeover": Topic(
        gettext_noop("The tag of an event is taken over by noise"),
        gettext_noop(
            "The tag %(tag)s of %(event)s is taken over: %(now)s in a hundred messages are spam or copies, where "
            "%(before)s are usual for it. Look, and move to another tag."
        ),
        page="event",
    ),
}
