"""What must not drown."""

import pytest

from comptoir.reading.pressing import presses


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, ma mère est dialysée demain de l'autre côté de la baie.",
        "MON FILS EST ASTHMATIQUE, où attendre ?",
        "Ma femme est enceinte de huit mois, coincée à Cale-Rouge",
        "Bloqués. 40 personnes. Pas d'eau. Qui vient ?",
        "nous voyageons avec une petite de six mois",
        "Ash in the baby's bottle. Where is everybody?",
        "I've no tablets with me for tonight",
        "My dad has a heart condition and he's stuck",
        "We are trapped in cabin 12",
    ],
)
def test_health_children_and_danger_press(text: str) -> None:
    assert presses(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, où en est le bac de 9h40 ? Je suis à Trois-Fumées.",
        "C'est une HONTE, je veux être remboursé aujourd'hui. Urgent.",
        "Hello, what's happening with the ferry? I'm at Three Smokes.",
        "I'd like a refund, thank you from the bottom of my heart.",
        "Will the skills workshop be held?",
        "",
    ],
)
def test_what_everybody_asks_does_not(text: str) -> None:
    assert not presses(text)
