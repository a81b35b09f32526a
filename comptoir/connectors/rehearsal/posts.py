"""What the town's company might say: posts for whoever tries speaking."""

from __future__ import annotations

from comptoir.networks.connector import Proposed

_LANTERNS = ("Nuit des Lampions", "Que la ville vienne à la fête en tram et en bac, et laisse la voiture.")
_TIP = "Une astuce par passage, toute l’année"

WORTH_SAYING = (
    Proposed(
        "Lampions : on roule toute la nuit",
        {
            "fr": [
                "Nuit des Lampions : les trams et le grand bac roulent jusqu’à 2 h. Vos lampions montent à bord, les "
                "bougies restent à quai. #NuitDesLampions"
            ],
            "en": [
                "Lantern Night: trams and the big ferry run until 2 am. Your lanterns come aboard, candles stay on the "
                "quay. #NuitDesLampions"
            ],
        },
        days=1,
        campaign=_LANTERNS,
    ),
    Proposed(
        "Atelier lampions",
        {
            "fr": [
                "Samedi à 14 h, on fabrique des lampions à la gare basse. Papier, colle et conseils offerts.",
                "Les enfants viennent avec un adulte, les adultes peuvent venir sans enfant.",
            ],
            "en": ["Saturday, 2 pm: lantern making at the lower station. Paper, glue and advice are on us."],
        },
        days=3,
        hour=18,
        campaign=_LANTERNS,
    ),
    Proposed(
        "Astuce : vélos",
        {"fr": ["Le saviez-vous ? Votre vélo voyage gratuitement sur le bac avant 7 h et après 19 h."]},
        tip=True,
        reason=_TIP,
    ),
    Proposed(
        "Astuce : vent",
        {
            "fr": [
                "Vent fort ? Le câble s’arrête à 72 km/h. Le tram, lui, s’en moque : il part toutes les 6 minutes."
            ]
        },
        tip=True,
        reason=_TIP,
    ),
    Proposed(
        "Astuce : objets trouvés",
        {
            "fr": [
                "Un gant perdu attend son frère à la gare basse. Objets trouvés : tous les jours de 9 h à 18 h."
            ]
        },
        tip=True,
        reason=_TIP,
    ),
    Proposed(
        "Merci de la fête",
        {
            "fr": [
                "Merci à toutes celles et ceux qui ont tenu un lampion, une barre ou un balai. À l’an prochain !"
            ]
        },
        campaign=_LANTERNS,
    ),
    Proposed(
        "Portrait d’un capitaine de bac",
        {"fr": ["Suivre un capitaine une matinée, de 5 h à midi."]},
        idea=True,
    ),
)
