"""Mail about accounts, posted beside the request that asked for it, so that its time says nothing about an address."""

import json

from django.core.mail import EmailMessage
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from comptoir.kernel.restored import leaves
from comptoir.kernel.secrets import unseal
from comptoir.organisation.models import AddressProof, Tries
from comptoir.organisation.models.joining import open_to
from comptoir.organisation.sessions import SessionStore


@leaves
@app.task(retry=RetryStrategy(max_attempts=4, exponential_wait=3), priority=10)
def post_mail(sealed: str) -> None:
    """Post one mail: [subject, body, from, to], sealed because it may hold a way in. To nobody, nothing is sent."""
    subject, body, sender, to = json.loads(unseal(sealed.encode()))
    EmailMessage(subject, body, sender, to).send()


@app.periodic(cron="23 4 * * *")
@app.task(queueing_lock="clear_sign_ins", pass_context=False)
def clear_sign_ins(timestamp: int) -> None:
    """Each night: forget sessions that are over and counts of tries that say nothing any more."""
    SessionStore.clear_expired()
    Tries.clear_old()


@leaves
@app.task(priority=10)
def prove_address(sealed: str, language: str) -> None:
    """Somebody typed in an address to join by: if its company may ask, a link goes there that proves it."""
    from comptoir.web import letters

    email = unseal(sealed.encode())
    if open_to(email):
        with transaction.atomic():
            letters.post("join", email, language, url=letters.address("joining", AddressProof.issue(email)))
