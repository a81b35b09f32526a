"""What listening does when it hears news from the rooms below."""

import logging
from typing import Any

from procrastinate.contrib.django import app

from comptoir.kernel.events import listens
from comptoir.kernel.stores import StoreFailed
from comptoir.listening import (
    backtesting,
    event_watching,
    explaining,
    folding,
    hearing,
    hubs,
    minding,
    recalling,
    rechecking,
    removing,
    rereading,
    storing,
    watching,
)
from comptoir.listening.events import (
    AlertsRaised,
    BacktestAsked,
    HubLeft,
    LookBackAsked,
    MentionsEdited,
    MentionsHeard,
    MentionsShown,
    QueryRemoved,
    RecallAsked,
)
from comptoir.listening.models import Backtest, Query, Source
from comptoir.listening.models.query import pause_all
from comptoir.listening.models.rollup import settle_zone
from comptoir.listening.models.source import close_all
from comptoir.listening.models.watching import learn_earlier
from comptoir.listening.telling import announce_mentions
from comptoir.networks.events import ActivitiesReceived, ReadingCorrected
from comptoir.networks.models import Channel
from comptoir.organisation.events import BrandArchived, HoursChanged
from comptoir.organisation.models import Brand
from comptoir.reading import closely

log = logging.getLogger(__name__)


@listens(ActivitiesReceived, lock=None)
@app.task(priority=3)
def listen(channel_id: int, new: list[int], changed: list[int], **_rest: Any) -> None:
    """Put what reached a channel to its brand's queries. What changed may have reached channels of other brands."""
    channels = Channel.objects.everywhere().select_related("brand")
    if new and (channel := channels.filter(pk=channel_id).first()):
        hearing.hear_channel(channel, new)
    if changed:
        for each in channels.filter(audience__activity__in=changed).distinct():
            hearing.hear_channel(each, changed)


@listens(MentionsHeard)
@app.task(priority=3)
def tell_mentions(ids: list[int], past: bool = False) -> None:
    """What says the same is folded; then programs that want to hear of mentions are told, and open pages."""
    folding.fold(ids)
    event_watching.unsettle(ids)
    announce_mentions(ids, past)


@listens(MentionsEdited)
@app.task(priority=3)
def fold_edited(ids: list[int]) -> None:
    """What says something else now may be like something else."""
    folding.fold_anew(ids)


@listens(ReadingCorrected)
@app.task(priority=4)
def reread(brand_id: int, activity_id: int) -> None:
    """What somebody said of a message holds wherever it is a mention of their brand."""
    rereading.reread(brand_id, [activity_id])
    explaining.count_corrected(brand_id, [activity_id])


@listens(MentionsShown)
@app.task(priority=1)
def read_closely(ids: list[int]) -> None:
    """What somebody looks at is read by the better tier, some of it in one run. The model is let go of afterwards."""
    try:
        rereading.read_closely(ids)
    finally:
        closely.rest()


@app.periodic(cron="51 * * * *")
@app.task(queueing_lock="sweep_folds", pass_context=False)
def sweep_folds(timestamp: int) -> None:
    """Each hour: what nobody repeated for long is not compared with any more."""
    while folding.sweep():
        pass


@listens(BacktestAsked)
@app.task(priority=2)
def backtest(backtest_id: int) -> None:
    """Put a version to what is kept. Whoever takes it up again goes on where it stood."""
    rows = Backtest.objects.everywhere().select_related("version__query__brand")
    if found := rows.filter(pk=backtest_id).first():
        backtesting.run(found)


@listens(LookBackAsked)
@app.task(priority=2)
def look_back(brand_id: int) -> None:
    """Queries keep what they are true of among what came before them."""
    if brand := Brand.objects.of(brand_id).filter(archived_at=None).first():
        backtesting.look_back(brand)
        learn_earlier(brand_id)


@listens(QueryRemoved)
@app.task(priority=2)
def empty_query(brand_id: int, query_id: int) -> None:
    """What a removed query kept goes. Whoever takes it up again goes on where it stood."""
    removing.empty(brand_id, query_id)


@listens(RecallAsked)
@app.task(priority=1)
def recall(source_id: int) -> None:
    """Queries hear what was said at a place before."""
    rows = Source.objects.everywhere().select_related("channel__brand")
    if source := rows.filter(pk=source_id).first():
        recalling.recall(source)
        learn_earlier(source.brand_id)


@listens(HoursChanged)
@app.task(priority=4)
def hours_changed(brand_id: int, usual: bool = True) -> None:
    """Days and hours may begin at other moments than before, for queries and for the figures."""
    if usual:
        Query.objects.of(brand_id).restamp()
        for brand in Brand.objects.of(brand_id):
            settle_zone(brand)


@listens(BrandArchived)
@app.task(priority=5)
def brand_archived(brand_id: int) -> None:
    """A brand was put away: it listens for nothing, and stays so when it is brought back."""
    pause_all(brand_id)
    close_all(brand_id)


@listens(MentionsHeard)
@app.task(priority=2)
def introduce(ids: list[int], past: bool = False) -> None:
    """Who is known by an id alone is asked after."""
    minding.introduce(ids)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="keep_subscribed", pass_context=False)
def keep_subscribed(timestamp: int) -> None:
    """Every five minutes: hubs that places name are asked to call, and asked again before they stop."""
    hubs.keep_subscribed()


@listens(HubLeft)
@app.task(priority=1)
def leave_hub(network: str, address: str, settings: dict[str, Any], hub: str, topic: str) -> None:
    """A hub is told that nobody listens any more."""
    hubs.leave(network, address, settings, hub, topic)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="mind_sources", pass_context=False)
def mind_sources(timestamp: int) -> None:
    """Each minute: which places are silent, behind or out of reach."""
    minding.mind()


@app.periodic(cron="3-59/10 * * * *")
@app.task(queueing_lock="recheck_mentions", lock="recheck_mentions", pass_context=False)
def recheck_mentions(timestamp: int) -> None:
    """Every ten minutes: a part of what is kept is asked for again, all of it within a day."""
    rechecking.recheck()


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="settle_zones", pass_context=False)
def settle_zones(timestamp: int) -> None:
    """Each day: the house's own zone may be another one."""
    for brand in Brand.objects.everywhere().filter(queries__isnull=False).distinct():
        settle_zone(brand)


@app.periodic(cron="29 1 * * *")
@app.task(queueing_lock="store_mentions", lock="stored", pass_context=False)
def store_mentions(timestamp: int) -> None:
    """Each night: old mentions leave their table for files, where a host wants that."""
    try:
        storing.store_old()
    except StoreFailed as error:
        log.error("old mentions stay in the database: %s", error)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="mend_stored", lock="stored", pass_context=False)
def mend_stored(timestamp: int) -> None:
    """Each minute: what was taken back or erased leaves the files."""
    try:
        storing.mend()
    except StoreFailed as error:
        log.error("what was taken back is still in files: %s", error)


@app.periodic(cron="2-59/5 * * * *")
@app.task(queueing_lock="watch_queries", lock="watch_queries", pass_context=False)
def watch_queries(timestamp: int) -> None:
    """Every five minutes: what was said of each query is put to its watch, and what is unusual is told."""
    watching.watch()


@listens(AlertsRaised)
@app.task(priority=3)
def explain_alerts(ids: list[int]) -> None:
    """What an alert is made of is kept with it: posts, and words that stand out."""
    explaining.explain(ids)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="watch_events", lock="watch_events", pass_context=False)
def watch_events(timestamp: int) -> None:
    """Each minute: what was said of each event is put to its watch, and a takeover is told."""
    event_watching.watch_all()
