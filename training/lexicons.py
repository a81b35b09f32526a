"""Words with a known tone, where they come from, and what we added for people who write to a brand.

    pip wheel --no-deps -w WHEELS vaderSentiment vaderSentiment-fr textblob textblob-fr

The lexicons of VADER and of its French counterpart (MIT), those of Pattern as TextBlob has them (PDDL), and our own.
"""

import re
import zipfile
from pathlib import Path

from comptoir.reading.folding import fold

# What customers say; our own words, +0.6 and -0.6 each.
OURS = {
    "en": (
        "thanks thank thx ty love loved lovely great awesome amazing excellent perfect best happy glad pleased "
        "delighted helpful kind friendly quick quickly fast efficient smooth easy recommend recommended fantastic "
        "wonderful brilliant superb congrats congratulations bravo enjoy enjoyed enjoying grateful appreciate "
        "appreciated solved fixed resolved delicious beautiful pleasant polite impressed yay kudos gem win nice good "
        "cool fun proud thrilled excited reliable clean",
        "cancelled canceled cancel delay delayed delays late lost broken broke fails failed failing fail failure worst "
        "terrible awful horrible useless rude disappointed disappointing unacceptable ridiculous refund waiting hold "
        "stuck stranded missed missing damaged defective faulty scam fraud lie liar liars lied angry furious upset "
        "annoyed annoying frustrated frustrating slow never error bug crash crashes crashed down outage hate pathetic "
        "disgusting disgrace shame shameful poor bad wrong problem problems issue issues complaint complain ignored "
        "unanswered overcharged stolen steal nightmare joke sucks suck dirty cold expired unhelpful incompetent waste "
        "wasted nobody ruined dreadful worse dead sick",
    ),
    "fr": (
        "merci super genial geniale top parfait parfaite excellent excellente bravo felicitations content contente "
        "ravi ravie heureux heureuse satisfait satisfaite agreable aimable gentil gentille rapide rapidement efficace "
        "facile recommande adore aime magnifique formidable merveilleux merveilleuse impeccable nickel delicieux "
        "delicieuse beau belle sympa sympathique professionnel reactif reactive chapeau regal plaisir reussi reussie "
        "resolu repare fiable chaleureux chaleureuse accueillant fantastique incroyable succes fier fiere hate bon "
        "bonne bien mieux meilleur meilleure cool propre souriant souriante",
        "annule annulee annules annulees annulation retard retards retarde perdu perdue casse cassee panne pannes "
        "echec nul nulle honte honteux honteuse scandale scandaleux scandaleuse inadmissible inacceptable deplorable "
        "lamentable catastrophe catastrophique horrible affreux decu decue deception decevant decevante rembourser "
        "remboursement reclamation plainte litige attente attends injoignable arnaque arnaqueurs voleurs vol mensonge "
        "menteurs furieux furieuse enerve enervee marre ras probleme problemes erreur bug bugs plante lent lente "
        "lenteur defectueux defectueuse abime abimee manquant manquante manque impossible desagreable impoli impolie "
        "incompetent incompetents pire mauvais mauvaise sale froid froide cher chere degoutant degueulasse dommage "
        "malheureusement inutile fuyez eviter bloque bloquee ignore triste deteste insupportable rate ratee jamais "
        "rien personne colere grave peur",
    ),
}
GLAD = "😀😁😂😃😄😅😆😇😉😊😋😌😍😎😘😗😙😚🙂🤗🤩🥰😻👍👏🙌💪❤💙💚💛💜🖤💕💖💗💘💝🎉🎊✨🌟⭐🔥💯🙏👌✌🥳🤣😹😸🤝🏆🥇"
SORRY = "😒😞😔😟😕🙁☹😣😖😫😩😢😭😤😠😡🤬😱😨😰😥😓😷🤒🤕🤢🤮👎💔😾😿🙀💩🖕😑😐🙄😬🤦🤡😪"
SIGNS = {**{f"#{sign}": 1.0 for sign in GLAD}, **{f"#{sign}": -1.0 for sign in SORRY}}


def lexicons(wheels: Path, language: str) -> list[dict[str, float]]:
    """Folded words with a tone from -1 to 1, one table a source; none for a language without."""
    if language == "en":
        vader, pattern = "vader_lexicon.txt", "en/en-sentiment.xml"
        found = [_vader(wheels, f"vaderSentiment/{vader}", "\t"), _pattern(wheels, f"textblob/{pattern}")]
    elif language == "fr":
        vader, pattern = "vaderSentiment_fr/fr_lexicon.txt", "textblob_fr/fr-sentiment.xml"
        found = [_vader(wheels, vader, "->"), _pattern(wheels, pattern)]
    else:
        return []
    good, bad = OURS[language]
    return [*found, {**dict.fromkeys(good.split(), 0.6), **dict.fromkeys(bad.split(), -0.6)}]


def _read(wheels: Path, name: str) -> str:
    for path in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(path) as wheel:
            if name in wheel.namelist():
                return wheel.read(name).decode(errors="replace")
    raise FileNotFoundError(f"{name}: in no wheel of {wheels}")


def _vader(wheels: Path, name: str, between: str) -> dict[str, float]:
    found = {}
    for line in _read(wheels, name).splitlines():
        word, _, value = line.partition(between)
        number = re.match(r"-?\d+(?:\.\d+)?", value)
        if number and word.strip():
            said = fold(word).strip()
            found[said if said[0].isalnum() else f"#{said}"] = float(number[0]) / 4
    return found


def _pattern(wheels: Path, name: str) -> dict[str, float]:
    senses: dict[str, list[float]] = {}
    for word, value in re.findall(r'<word form="([^"]+)"[^>]*polarity="([^"]+)"', _read(wheels, name)):
        senses.setdefault(fold(word), []).append(float(value))
    means = {word: sum(values) / len(values) for word, values in senses.items() if " " not in word}
    return {word: mean for word, mean in means.items() if abs(mean) > 0.05}
