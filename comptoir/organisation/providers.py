"""Public mail providers: everybody may have an address there, so none of their domains is a company's."""

import re

_PUBLIC = """
gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr hotmail.co.uk hotmail.be
hotmail.ch hotmail.de hotmail.it hotmail.es live.com live.fr live.be live.ca live.co.uk msn.com
windowslive.com yahoo.com yahoo.fr yahoo.ca yahoo.co.uk yahoo.de yahoo.es yahoo.it yahoo.co.in
yahoo.co.jp ymail.com rocketmail.com myyahoo.com aol.com aim.com icloud.com me.com mac.com proton.me
protonmail.com pm.me protonmail.ch tutanota.com tutanota.de tutamail.com tuta.com tuta.io keemail.me
orange.fr wanadoo.fr free.fr aliceadsl.fr sfr.fr neuf.fr cegetel.net club-internet.fr numericable.fr
laposte.net bbox.fr noos.fr voila.fr caramail.com ik.me infomaniak.me bluewin.ch hispeed.ch sunrise.ch
skynet.be telenet.be proximus.be scarlet.be voo.be videotron.ca sympatico.ca bell.net rogers.com shaw.ca
telus.net gmx.com gmx.net gmx.de gmx.fr gmx.at gmx.ch web.de t-online.de freenet.de arcor.de mailbox.org
posteo.de posteo.net libero.it virgilio.it alice.it tin.it tiscali.it fastwebnet.it telefonica.net
terra.es ono.com sapo.pt mail.pt ziggo.nl kpnmail.nl planet.nl xs4all.nl home.nl telia.com online.no
btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com comcast.net verizon.net att.net
sbcglobal.net bellsouth.net cox.net charter.net earthlink.net fastmail.com fastmail.fm hey.com
hushmail.com zoho.com zohomail.com zohomail.eu mail.com email.com usa.com inbox.com inbox.lv mail.ru
bk.ru list.ru inbox.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net seznam.cz email.cz centrum.cz wp.pl
o2.pl onet.pl interia.pl qq.com 163.com 126.com foxmail.com sina.com sina.cn sohu.com naver.com daum.net
hanmail.net docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com uol.com.br bol.com.br terra.com.br
mailo.com mailo.eu netcourrier.com disroot.org riseup.net autistici.org duck.com simplelogin.com
anonaddy.com mozmail.com mailinator.com yopmail.com yopmail.fr guerrillamail.com trashmail.com
temp-mail.org jetable.org
"""
PUBLIC = frozenset(_PUBLIC.split())

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{2,59}})")
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gouv", "gov", "mil", "ne", "net", "or", "org"})


def domain_of(typed: str) -> str:
    """The mail domain in what somebody typed: "@Example.org ", "ana@example.org" give "example.org"; "" for none."""
    name = typed.strip().lower().rpartition("@")[2].rstrip(".")
    try:
        name = name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError:
        return ""
    return name if len(name) <= 253 and _DOMAIN.fullmatch(name) else ""


def is_public(domain: str) -> bool:
    """Whether anybody at all may have an address there: a provider's, or no company's but a country's."""
    first, _dot, rest = domain.partition(".")
    return domain in PUBLIC or (first in _SECOND_LEVEL and len(rest) == 2)
