"""What there is in publishing, for the walk through all addresses and for the journeys through all pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from io import BytesIO

from django.db import transaction

from comptoir.inbox.tests.building import TOWN, House
from comptoir.kernel import clock
from comptoir.networks.models import AccountSnapshot, Activity, Actor, Audience, Delivery, Hold, Snapshot
from comptoir.organisation.models import calendar_of
from comptoir.publishing.models import (
    Approval,
    ApprovalStep,
    Asset,
    CalendarFeed,
    Campaign,
    Content,
    Evergreen,
    FoundPiece,
    Mentionee,
    OwnPage,
    PageEntry,
    PageGiven,
    Permission,
    Piece,
    Post,
    PostImport,
    Remark,
    Segment,
    SegmentGiven,
    ShortLink,
    Variant,
    Video,
)
from comptoir.publishing.tables_in import sheets_of
from comptoir.publishing.visiting import PREFIX
from tests.films import film
from tests.servers.stranger import jpeg

FEEDS = {"calendar-feed"}
"""Pages that whoever holds their address reads as its person does."""
PUBLIC = {
    f"own-page{what}{chosen}"
    for what in ("", "-entry", "-atom", "-json", "-widget")
    for chosen in ("", "-in")
}
"""Pages that are everybody's: they say what the brand published, and no more."""
PUBLIC |= {"short"}


def post_of(house: House) -> Post:
    """A post of the brand that a client is asked about."""
    by = house.people["agent"]
    post = Post.objects.of(house.brand).order_by("pk").first()
    if post is None:
        words = [Variant(parts=["Demain, portes ouvertes !"])]
        post = Post.make(
            house.brand, by, Content("fr", words, [(house.channel.pk, "")]), title="Portes ouvertes"
        )
        post.belong(by, None, "Une annonce")
    if not post.approvals.exists():
        ApprovalStep.put(house.brand, house.people["owner"], [("", "La mairie")])
        Remark.say(post, "L’heure est-elle sûre ?", house.people["manager"], internal=False)
        post.submit(by)
    return post


def campaign_of(house: House) -> Campaign:
    """What some posts are for."""
    found = Campaign.objects.of(house.brand).first()
    return found or Campaign.make(house.brand, house.people["manager"], "Été", "Remplir la plage en juin")


def mentionee_of(house: House) -> Mentionee:
    """Somebody whom posts mention."""
    found = Mentionee.objects.of(house.brand).first()
    return found or Mentionee.make(house.brand, house.people["agent"], "Théâtre de la Ville", {TOWN: "tdv"})


def short_of(house: House) -> ShortLink:
    """A short link that somebody made."""
    found = ShortLink.objects.of(house.brand).first()
    return found or ShortLink.make(house.brand, house.people["agent"], "https://example.org/menu", "La carte")


def piece_of(house: House) -> FoundPiece:
    """Something that somebody else made, and that a post is to share."""
    found = FoundPiece.objects.of(house.brand).first()
    if found is None:
        by = house.people["agent"]
        handles = {house.channel.network: "@ana@photos.example", "": "https://photos.example/ana"}
        piece = Piece(
            "Le four de nuit, en douze images", "https://photos.example/ana/four-de-nuit", "Ana Belén Ruiz", handles,
            "D’accord pour un partage, si on la nomme.", ("photo", "fournil"),
        )  # fmt: skip
        found = FoundPiece.note_down(house.brand, by, piece)
        words = [Variant(parts=["Notre four, la nuit, par Ana Belén Ruiz."])]
        shares = Content("fr", words, [(house.channel.pk, "")], pieces=[found.pk])
        Post.make(house.brand, by, shares, title="Le four de nuit")
        other = Piece(
            "Dix pains à goûter", "https://revue.example/dix-pains", "La Revue du goût", {}, "", ("presse",)
        )
        FoundPiece.note_down(house.brand, by, other).put_aside(by)
    return found


def segment_of(house: House) -> Segment:
    """Whom some posts are for, among them one that leaves soon."""
    found = Segment.objects.of(house.brand).first()
    if found is None:
        given = SegmentGiven("Belgique", ("BE",), ("fr", "nl"), ((house.channel.pk, "fr"),))
        found = Segment.make(house.brand, house.people["manager"], given)
        words = [Variant(parts=["Le marché ouvre à dix heures."])]
        aimed = Content("fr", words, [(house.channel.pk, "fr")], (), [found.pk])
        post = Post.make(house.brand, house.people["agent"], aimed, title="Marché")
        post.plan(house.people["agent"], (clock.now() + timedelta(days=4)).date(), time(10), "")
    return found


def import_of(house: House) -> PostImport:
    """A file with a good row and a bad one."""
    found = PostImport.objects.of(house.brand).first()
    content = f"texte;canaux\nBonjour;{house.channel.handle}\nBonsoir;personne\n".encode()
    return found or PostImport.bring(
        house.brand, house.people["agent"], "posts.csv", content, sheets_of(content)
    )


def entry_of(house: House) -> PageEntry:
    """Something that stands on the brand's own page."""
    found = PageEntry.objects.of(house.brand).select_related("page").first()
    if found is None:
        given = PageGiven(f"{house.brand.slug}-page", house.brand.name, ("fr", "en"), open=True)
        OwnPage.settle(house.brand, house.people["manager"], given)
        page = OwnPage.objects.of(house.brand).get()
        found = PageEntry.objects.create(page=page, word="a" * 13, language="fr", languages=["fr"])
        found.texts.create(language="fr", parts=["Portes ouvertes !\nDemain, de neuf heures à midi."])
        shape = {"mime": "image/jpeg", "width": 30, "height": 20}
        found.pictures.create(place=1, content=jpeg(), alt="Le four", **shape)
    return found


def said_of(house: House) -> Activity:
    """Something that the brand said and whose counts grew, on a day when followers were counted."""
    at = clock.now() - timedelta(days=2)
    actor, _new = Actor.objects.get_or_create(
        network=TOWN, remote_id=house.channel.remote_id, defaults={"handle": house.channel.handle}
    )
    said, new = Activity.objects.everywhere().get_or_create(
        network=TOWN, remote_id="counted", defaults={
            "kind": "post", "actor": actor, "text": "Le pain sort du four à onze heures.", "published": at,
        },
    )  # fmt: skip
    if new:
        Audience.objects.create(channel=house.channel, activity=said, own=True, addressed=False)
        for hours, likes in ((1, 3), (5, 17), (30, 24)):
            Snapshot.objects.create(
                activity=said, at=at + timedelta(hours=hours), likes=likes, reposts=likes // 5, replies=2
            )
        day = at.astimezone(calendar_of(house.brand).zone).date()
        AccountSnapshot.objects.create(channel=house.channel, day=day, at=at, followers=2_481)
    return said


def asset_of(house: House) -> Asset:
    """A picture of somebody's in the library, whom the brand asked whether it may show it."""
    asked = Permission.objects.of(house.brand).select_related("asset").first()
    if asked is None:
        actor, _new = Actor.objects.get_or_create(
            network=TOWN, remote_id="painter", defaults={"handle": "peintre", "name": "Le peintre"}
        )
        said = Activity.objects.create(
            network=TOWN, remote_id="painted", kind="post", actor=actor, text="Le port, ce matin",
            published=clock.now() - timedelta(days=3),
            media=[{"kind": "image", "url": "https://example.org/port.jpg", "alt": "Le port"}],
        )  # fmt: skip
        Audience.objects.create(channel=house.channel, activity=said, own=False, addressed=True)
        by = house.people["agent"]
        with transaction.atomic():
            (asked,) = Permission.ask(
                house.brand, by, house.channel, said, [jpeg()], "Pouvons-nous la montrer ?"
            )
            # It stays here: what a network echoes would be the newest conversation of the house.
            Delivery.objects.of(house.brand).filter(pk=asked.delivery_id).update(state="withdrawn")
    return asked.asset


def video_of(house: House) -> Asset:
    """A video in the library."""
    found = Asset.objects.of(house.brand).films().first()
    return found or Video.bring(house.brand, house.people["agent"], BytesIO(film("quay.webm")), "Le port")


def post_parts(pattern: str, house: House) -> dict[str, str]:
    """What stands in the addresses of posts that are approved, or moved."""
    if "figures/posts/<" in pattern:
        return {"pk": str(said_of(house).pk)}
    if "brands/<slug:brand>/holds/<" in pattern:
        return {"pk": str(Hold.objects.of(house.brand)[0].pk)}
    if "mentionees/<" in pattern:
        return {"pk": str(mentionee_of(house).pk)}
    if "links/short/<" in pattern:
        return {"pk": str(short_of(house).pk)}
    if pattern.startswith("s/<"):
        return {"code": short_of(house).code}
    if "import/<" in pattern or "imports/<" in pattern:
        return {"pk": str(import_of(house).pk)}
    if "/found/<" in pattern:
        return {"pk": str(piece_of(house).pk)}
    if "brands/<slug:brand>/campaigns/<" in pattern:
        return {"pk": str(campaign_of(house).pk)}
    if "brands/<slug:brand>/segments/<" in pattern:
        return {"pk": str(segment_of(house).pk)}
    if pattern.startswith("calendar/"):
        address = CalendarFeed.make(house.brand, house.people["agent"])
        return {"token": address.rpartition("/")[2].removesuffix(".ics")}
    if "library/asking/<" in pattern:
        return {"pk": str(Permission.objects.of(house.brand).get(asset=asset_of(house)).target_id)}
    if "library/<" in pattern and pattern.endswith("/video/"):
        return {"pk": str(video_of(house).pk)}
    if "library/<" in pattern:
        return {"pk": str(asset_of(house).pk)}
    if "page/entries/<" in pattern:
        return {"pk": str(entry_of(house).pk)}
    if pattern.startswith(PREFIX):
        entry = entry_of(house)
        return {
            "page": entry.page.slug, "locale": "fr", "word": entry.word, "pk": str(entry.pictures.all()[0].pk),
        }  # fmt: skip
    if "approve/" in pattern and "pictures/" in pattern:
        return {"pk": str(post_of(house).illustrations.all()[0].asset_id)}
    ours = "posts/<" in pattern and ("/approval/" in pattern or pattern.endswith("/time/"))
    return {"pk": str(post_of(house).pk)} if ours else {}


def approval_link(house: House) -> str:
    """A word that opens the post for the client."""
    asked = (
        Approval.objects.of(house.brand).select_related("post__brand").get(post=post_of(house), decision="")
    )
    return asked.new_link(house.people["agent"]).rstrip("/").rpartition("/")[2]


def _pages_of_library(house: House) -> Iterator[tuple[str, str]]:
    library, asset = f"/b/{house.brand.slug}/library/", asset_of(house)
    yield "library", library
    yield "asset", f"{library}{asset.pk}/"
    yield "asset-video", f"{library}{video_of(house).pk}/"
    yield "asking", f"{library}asking/{Permission.objects.of(house.brand).get(asset=asset).target_id}/"


def pages_of_posts(house: House) -> Iterator[tuple[str, str]]:
    """The pages of publishing, with their names."""
    here, post = f"/b/{house.brand.slug}/posts/", post_of(house)
    yield "approval-steps", f"{here}approval/"
    campaigns = f"/b/{house.brand.slug}/campaigns/"
    yield "campaign", f"{campaigns}{campaign_of(house).pk}/"
    yield "campaigns", campaigns
    for view in ("month", "week", "list"):
        yield f"calendar-{view}", f"{here}calendar/?view={view}"
    Evergreen.put(post, house.people["agent"], 28, None)
    yield "post-again", f"{here}{post.pk}/again/"
    yield "evergreen-posts", f"{here}again/"
    yield "post-move", f"{here}{post.pk}/time/"
    yield "post-approval", f"{here}{post.pk}/approval/"
    yield "post-standing", f"{here}{post.pk}/standing/"
    found = f"/b/{house.brand.slug}/found/"
    shares = piece_of(house).sharings.all()[0].post
    yield "found-piece", f"{found}{piece_of(house).pk}/"
    yield "found-pieces", found
    yield "found-pieces-none", f"{found}?q=zebra"
    yield "found-piece-new", f"{found}new/"
    yield "post-sharing", f"{here}{shares.pk}/?before=schedule"
    yield "post-about-piece", f"{here}new/?piece={piece_of(house).pk}"
    yield from _pages_of_mentions(house)
    segments = f"/b/{house.brand.slug}/segments/"
    yield "segment", f"{segments}{segment_of(house).pk}/"
    yield "segments", segments
    yield "post-coverage", f"{here}coverage/"
    yield from _pages_of_library(house)
    entry = entry_of(house)
    yield "short-links", f"/b/{house.brand.slug}/links/short/"
    yield "short-link", f"/b/{house.brand.slug}/links/short/{short_of(house).pk}/"
    yield "post-imports", f"{here}import/"
    yield "post-import", f"{here}import/{import_of(house).pk}/"
    yield "links", f"/b/{house.brand.slug}/links/"
    yield "own-page-settings", f"/b/{house.brand.slug}/page/"
    yield "own-page", f"/{PREFIX}{entry.page.slug}/"
    yield "own-page-entry", f"/{PREFIX}{entry.page.slug}/{entry.word}/"
    yield "own-page-widget", f"/{PREFIX}{entry.page.slug}/widget/"
    yield "approving", f"/approve/{approval_link(house)}/"
    yield "post-growth", f"/b/{house.brand.slug}/figures/posts/{said_of(house).pk}/"
    yield "post-figures", f"/b/{house.brand.slug}/figures/posts/"


def _pages_of_mentions(house: House) -> Iterator[tuple[str, str]]:
    here, known = f"/b/{house.brand.slug}/mentionees/", mentionee_of(house)
    yield "mentionees", here
    yield "mentionees-none", f"{here}?q=zebra"
    yield "mentionee", f"{here}{known.pk}/"
