"""What must not drown in a storm: words about health, children, or danger, in French and in English.

A list of words finds what it names and no more: it brings messages forward, and never puts one back.
"""

import re

from comptoir.reading.folding import fold

_HEALTH = r"""
malade malaise maladie hopital hospitali\w+ medecin medica(?:l|ux|les|ment|ments) infirmi\w+ urgences? dialys\w+
insuline diabet\w+ asthm\w+ cardia\w+ enceinte grossesse accouch\w+ bless\w+ saigne\w* oxygene respir\w+ chimio\w*
allergi\w+ fauteuil.roulant handicap\w* pharmacie
sick ill hospital\w* doctors? nurse medic(?:al|ine|ines|ation) tablets? pills? insulin dialysis asthma\w* pregnan\w+
heart.(?:attack|condition|patient) injur\w+ bleed\w* oxygen breath\w* chemo\w* wheelchair disab\w+ surgery in.theatre
ambulance emergency
"""
_CHILDREN = r"""
bebes? nourrissons? biberons? enfants? gamins? fillette ma.fille mon.fils petite?.de.\w+.(?:ans|mois)
mineure?.(?:seule?|non.accompagnee?)
bab(?:y|ies) infants? toddlers? child(?:ren)? kids? my.(?:son|daughter) unaccompanied
"""
_DANGER = r"""
danger\w* en.detresse au.secours mourir suicid\w+ incendie sans.eau pas.d.eau evacu\w+
dangerous dying on.fire no.water trapped help.us sos
"""
_STEMS = "|".join(f"{_HEALTH} {_CHILDREN} {_DANGER}".split())
"""A dot stands for the blank, or the sign, between two words."""
_PRESSING = re.compile(rf"(?<!\w)(?:{_STEMS})(?!\w)")
_LONGEST = 4_000


def presses(text: str) -> bool:
    """Whether a text speaks of somebody's health, of children, or of danger."""
    return _PRESSING.search(fold(text[:_LONGEST])) is not None
