"""Asking: whether a text wants an answer, by the marks and the words of questions, requests and complaints.

French, English, Spanish, German, Italian and Portuguese; in other languages a question mark is all that is seen. Thanks
and news want none. It brings forward what waits for an answer, and puts nothing away.
"""

import re

from comptoir.reading.folding import fold

_READ = 2000
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MARKS = re.compile(r"[?؟；？]")

# A dot stands for what is between two words; what begins a sentence asks, inside of one it may just tell.
_BEGINNINGS = {
    "fr": r"""
        comment pourquoi quand combien ou.est qui.peut est.ce.que y.a.t.il peut.on
        quel(?:le)?s?.est
    """,
    "en": r"""
        how why when where who what can.(?:you|i|we) could.(?:you|i|we) do.you does is.there
        are.you will.you has.anyone anyone any.(?:update|news|idea)
    """,
    "es": r"""
        como por.que cuando cuanto donde puedo pueden podrian hay
    """,
    "de": r"""
        wie warum wann wo wer wieso kann.ich konnen.sie konnten.sie gibt.es
    """,
    "it": r"""
        come.(?:mai|posso|si) perche quando quanto dove posso potete potreste c.e
    """,
    "pt": r"""
        como por.que quando quanto onde posso podem poderiam
    """,
}
_REQUESTS = {
    "fr": r"""
        pou(?:vez|rriez).vous merci.de.(?:me|nous|bien) merci.d.avance svp stp
        s.il.(?:vous|te).plait aidez.(?:moi|nous) besoin.(?:de|d)
        je.(?:voudrais|souhaite|souhaiterais|veux|cherche|demande) j.aimerais repondez
        contactez.(?:moi|nous) rappelez.(?:moi|nous) rembours(?:ez|ement|e)
        toujours.(?:pas|rien|aucun\w*) pas.de.(?:reponse|nouvelles) aucune.(?:reponse|nouvelle)
        personne.ne.repond sans.reponse j.attends (?:a|en).mp
    """,
    "en": r"""
        please pls plz help.(?:me|us) need.(?:help|a|an|to|my|your) i.(?:would.like|d.like|want)
        dm.me (?:get|getting).back call.me contact.me refund (?:still|yet).(?:waiting|no|not)
        nobody.(?:answers|replies) no.(?:reply|answer|response) let.me.know any.chance
        can.someone
    """,
    "es": r"""
        por.favor ayuda(?:dme)? necesito quiero quisiera me.gustaria reembolso
        (?:todavia|aun).no nadie.(?:responde|contesta) sin.respuesta llevo.\w+.esperando
    """,
    "de": r"""
        bitte hilfe ich.(?:brauche|mochte|will|hatte.gern) ruckerstattung
        (?:immer.noch|noch.immer) niemand.antwortet keine.antwort melden.sie.sich
    """,
    "it": r"""
        per.favore per.piacere aiut(?:o|atemi) ho.bisogno vorrei voglio rimborso
        ancora.(?:non|niente|nessun\w*) nessuno.risponde nessuna.risposta
    """,
    "pt": r"""
        por.favor ajud(?:a|em|em.me) preciso quero gostaria reembolso ainda.(?:nao|nada)
        ninguem.responde sem.resposta
    """,
}


def _any_of(words: dict[str, str], before: str) -> dict[str, re.Pattern[str]]:
    """For each language, a pattern of its words, a dot for what parts them."""
    return {
        code: re.compile(
            rf"{before}(?:{'|'.join(each.replace('.', r'[^a-z0-9]{1,3}') for each in said.split())})(?!\w)"
        )
        for code, said in words.items()
    }


_ASKS = _any_of(
    _BEGINNINGS, r"(?:\A|[.!\n:,]\s*)(?:[@#]\S+\s+)*(?:(?:bonjour|hello|hi|hey|hola|hallo|ciao|ola)\W+)?"
)
_WANTS = _any_of(_REQUESTS, r"(?<!\w)")


def wants_answer(text: str, language: str) -> bool:
    """Whether somebody who wrote this text in a language (ISO 639-1) waits for an answer."""
    said = _LINK.sub(" ", fold(text[:_READ]))
    if _MARKS.search(said):
        return True
    return any(kind[language].search(said) for kind in (_ASKS, _WANTS) if language in kind)
