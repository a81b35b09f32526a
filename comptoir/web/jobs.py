"""Mail about accounts, posted beside the request that asked for it, so that its time says nothing about an address."""

import json

from django.core.mail import EmailMessage
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from comptoir.kernel.restored import leaves
from comptoir.kernel.secrets import unseal


@leaves
@app.task(retry=RetryStrategy(max_attempts=4, exponential_wait=3), priority=10)
def post_mail(sealed: str) -> None:
    """Post one mail: [subject, body, from, to], sealed because it may hold a way in. To nobody, nothing is sent."""
    subject, body, sender, to = json.loads(unseal(sealed.encode()))
    EmailMessage(subject, body, sender, to).send()
