"""Language: short messages are placed, what cannot be judged is left alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comptoir.reading import language
from comptoir.reading.language import language_of
from comptoir.reading.tests.shared import rows_of
from comptoir.reading.weights import weights

SAID = {
    "fr": [
        "Bonjour, où en est ma commande ?",
        "Le train de 8h12 est encore supprimé",
        "j'arrive pas à ouvrir l'appli",
        "Vous ouvrez à quelle heure demain ?",
        "Trop bien votre boutique !",
        "C'EST QUOI CE SERVICE",
        "Je cherche une taille 42",
        "ça marche plus depuis hier soir @marque https://t.example/1",
    ],
    "en": [
        "Hello, where is my order?",
        "The 8:12 train is cancelled again",
        "can't open the app",
        "What time do you open tomorrow?",
        "Love your shop so much!",
        "WHAT KIND OF SERVICE IS THIS",
        "Looking for a size 42",
        "not working since last night @brand https://t.example/1",
    ],
    "es": ["¿Dónde está mi pedido?", "La tienda abre a las nueve", "No me llega el correo de confirmación"],
    "de": ["Wo bleibt meine Bestellung?", "Der Laden macht um neun auf", "Ich bekomme keine Bestätigung"],
    "it": ["Dov'è il mio ordine?", "Il negozio apre alle nove", "Non mi arriva la conferma"],
    "pt": ["Onde está a minha encomenda?", "A loja abre às nove", "Não recebi a confirmação"],
    "nl": ["Waar blijft mijn bestelling?", "De winkel gaat om negen uur open", "Ik krijg geen bevestiging"],
    "ca": ["On és la meva comanda?", "Encara no m'ha arribat el correu"],
    "eu": ["Non dago nire eskaera?", "Ez dut mezurik jaso oraindik"],
    "pl": ["Gdzie jest moje zamówienie?"],
    "sv": ["Var är min beställning någonstans?"],
    "ar": ["أين طلبي من فضلكم"],
    "fa": ["سفارش من کجاست؟ چرا نمی‌رسد"],
    "ru": ["Где мой заказ?"],
    "uk": ["Де моє замовлення?"],
    "bg": ["Къде ми е поръчката?"],
    "el": ["Πού είναι η παραγγελία μου;"],
    "he": ["איפה ההזמנה שלי"],
    "ja": ["注文はどこですか", "私の注文番号"],
    "zh": ["我的订单在哪里"],
    "ko": ["내 주문은 어디에 있나요"],
    "hi": ["मेरा ऑर्डर कहाँ है"],
    "th": ["สินค้าของฉันอยู่ที่ไหน"],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SAID.items() for text in texts])
def test_short_messages(code: str, text: str) -> None:
    guess = language_of(text)
    assert guess.code == code
    assert 0.3 < guess.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "https://a.example/le-monde-entier",
        "@quelquun @somebody",
        "😀🎉",
        "12 345",
        "a",
        "Marie Dupont",
        "#sncf",
    ],
)
def test_nothing_to_judge(text: str) -> None:
    assert language_of(text) == ("", 0.0)


def test_among() -> None:
    text = "Onde está o meu pacote"
    assert language_of(text, among={"pt", "fr"}).code == "pt"
    assert language_of(text, among={"es", "en"}).code == "es"
    assert language_of("Где мой заказ", among={"uk", "fr"}).code == "uk"
    assert language_of("Где мой заказ", among={"en", "fr"}).code == ""
    assert language_of(text, among=()).code == ""
    assert language_of(text, among={"xx"}).code == ""
    assert language_of("这是我的订单", among={"zh", "en"}).code == "zh"


def test_most_letters_decide() -> None:
    assert language_of("Mon numéro de commande est 注文 et je ne le comprends pas").code == "fr"
    assert language_of("注文番号はどこで確認できますか iPhone").code == "ja"


@given(st.text(max_size=300), st.none() | st.sets(st.sampled_from(["fr", "en", "ru", "ar", "ja", "xx"])))
def test_any_text(text: str, among: set[str] | None) -> None:
    guess = language_of(text, among)
    assert guess == language_of(text, among)
    assert 0 <= guess.confidence <= 1
    assert not guess.code or among is None or guess.code in among


@given(st.lists(st.integers(0, 2**16 - 1), min_size=1, max_size=256))
@example([7]).via("one row")
@example([0] * 256).via("all lanes full")
def test_rows_are_added_column_by_column(found: list[int]) -> None:
    table = weights("language")
    width = len(table.labels)
    assert width % 2 == 0
    columns = zip(*(table.rows[at * width : (at + 1) * width].tolist() for at in found), strict=True)
    assert language._added(table, found) == [sum(each) for each in columns]


def test_every_process_says_the_same() -> None:
    text = "Le colis n'est pas arrivé"
    line = f"from comptoir.reading.language import language_of; print(language_of({text!r}))"
    said = subprocess.run([sys.executable, "-c", line], check=True, capture_output=True, text=True).stdout
    assert said.strip() == str(language_of(text))


def test_real_posts_of_five_languages() -> None:
    rows = rows_of("lid/carter5-train")
    among = {"de", "en", "es", "fr", "nl"}
    assert sum(language_of(row["text"], among).code == row["label"] for row in rows) / len(rows) > 0.94
    assert sum(language_of(row["text"]).code == row["label"] for row in rows) / len(rows) > 0.91


def test_real_posts_of_iberia() -> None:
    rows = rows_of("lid/tweetlid-train", 4)
    among = {"es", "pt", "ca", "en", "gl", "eu"}
    pure = [row for row in rows if row["label"] in among]
    assert sum(language_of(row["text"], among).code == row["label"] for row in pure) / len(pure) > 0.87


def test_real_posts_with_a_tone() -> None:
    rows = [
        row
        for code in ("fr", "en", "es", "de", "it", "pt", "ar")
        for row in rows_of(f"sentiment/umsab-{code}-val")
    ]
    assert sum(language_of(row["text"]).code == row["lang"] for row in rows) / len(rows) > 0.96
