"""Posts as public networks carry them and queries as analysts write them, all made up, by dice that fall alike again.

Invented words follow Zipf's law; those of one topic come together; brands, people and tags belong to topics.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from comptoir.bench.search import word

SMALL = {
    "fr": "de la le et les des en un une du est pour que dans qui sur pas au avec ce il plus je vous par on ne se sont "
    "mais nous ma mon cette comme tout fait même très bien aussi être depuis après sans déjà c'est j'ai n'est qu'il "
    "l'équipe d'accord merci toujours encore rien où été jamais vraiment",
    "en": "the to a of and in is for on that it with you this my be are at was have not as from they we just so me an "
    "all out your can has by about when what no if up or one do don't it's i'm get like more never really still been "
    "today thanks again why will would very",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más pero sus le ya o este sí "
    "porque esta cuando muy sin sobre también me hasta hay donde quien desde todo nos durante siempre aquí está días",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis "
    "mehr durch man heute wieder schön können",
}
LANGUAGES = ("fr", "en", "es", "de")
SHARES = (45, 40, 8, 7)
ACCENTS = str.maketrans("aeou", "àéôü")
PLAIN = str.maketrans("àéôü’", "aeou'")
EMOJI = ["😍", "😂", "😡", "🙏", "👍", "👍🏽", "🎉", "❤️", "🔥", "🤷\u200d♂️", "😭", "☕", "🚆", "🇫🇷"]
FIRST = [
    "Anna",
    "Luc",
    "Zoé",
    "Emma",
    "Hugo",
    "Léa",
    "Jean",
    "Marie",
    "Noah",
    "Inès",
    "Tom",
    "Clara",
    "Louis",
    "Eva",
    "Karim",
    "Sofia",
    "Paul",
    "Lina",
    "Max",
    "Jade",
]
ENDS = ("", "", " !", "...", " ?", ".", "!!")
CONTENT = 40_000
COMMON = 300
"""Words that belong to no topic in particular."""
TOPICS = 300


class Post(NamedTuple):
    """What a source knows of a post."""

    text: str
    lang: str
    handle: str
    type: str
    url: str


class Brand(NamedTuple):
    """A name of one or two words, and the topic that it is spoken of in."""

    name: str
    topic: int

    @property
    def joined(self) -> str:
        """As in a tag or a handle."""
        return self.name.replace(" ", "")


class Talk:
    """A world to talk about: words, topics, brands, people."""

    def __init__(self, seed: int, brands: int = 3_000) -> None:
        self._dice = random.Random(seed)  # noqa: S311
        self._words = [self._spelt(rank) for rank in range(CONTENT)]
        self._zipf = list(itertools.accumulate(1 / (rank + 10) for rank in range(CONTENT)))
        self._topics = [self._dice.sample(range(COMMON, CONTENT // 4), 200) for _ in range(TOPICS)]
        self._topical = list(itertools.accumulate(1 / (rank + 3) for rank in range(200)))
        self._brands = [self._named(number) for number in range(brands)]
        self._known = list(itertools.accumulate(1 / (rank + 20) for rank in range(brands)))
        self._asked = list(itertools.accumulate((1 / (rank + 20)) ** 0.5 for rank in range(brands)))
        self._people = [
            f"{self._dice.choice(FIRST)} {word(7_000 + n if n % 4 == 0 else 60_000 + n).title()}"
            for n in range(2_000)
        ]

    def _spelt(self, rank: int) -> str:
        spelling = word(rank + 50)
        return spelling.translate(ACCENTS) if self._dice.random() < 0.1 else spelling

    def _some(self, count: int) -> list[str]:
        return self._dice.choices(self._words, cum_weights=self._zipf, k=count)

    def _named(self, number: int) -> Brand:
        name = word(90_000 + 7 * number).title()
        if number % 3 == 0:
            name = f"{self._dice.choice(('Air', 'La', 'Mon', 'Grand', 'Banque', 'Le', 'Hôtel'))} {name}"
        return Brand(name, self._dice.randrange(TOPICS))

    def _on(self, topic: int, count: int) -> list[str]:
        ranks = self._dice.choices(self._topics[topic], cum_weights=self._topical, k=count)
        return [self._words[rank] for rank in ranks]

    def posts(self, count: int) -> Iterator[Post]:
        """So many posts."""
        small = {language: words.split() for language, words in SMALL.items()}
        ranked = {
            language: list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))
            for language, words in small.items()
        }
        dice = self._dice
        for number in range(count):
            language = dice.choices(LANGUAGES, SHARES)[0]
            brand = dice.choices(self._brands, cum_weights=self._known)[0] if dice.random() < 0.5 else None
            topic = brand.topic if brand else dice.randrange(TOPICS)
            length = dice.randint(5, 38)
            words = dice.choices(small[language], cum_weights=ranked[language], k=length // 2)
            words += self._on(topic, length // 4) + self._some(length - length // 2 - length // 4)
            dice.shuffle(words)
            self._adorn(words, topic, brand)
            kind = dice.choices(("post", "reply", "share"), (6, 3, 1))[0]
            url = f"https://{dice.choice(('town', 'flock', 'agora', 'forum'))}.example/{number}"
            text = " ".join(words)
            if language == "en":
                text = text.translate(PLAIN)
            yield Post(text[0].upper() + text[1:], language, f"u{dice.randrange(200_000)}", kind, url)

    def _adorn(self, words: list[str], topic: int, brand: Brand | None) -> None:
        """Names, tags, emoji, addresses and punctuation."""
        dice = self._dice
        if brand:
            written = (brand.name, brand.name, brand.name.lower(), f"@{brand.joined}", f"#{brand.joined}")
            words.insert(dice.randrange(len(words)), dice.choice(written))
        for place in range(len(words)):
            if dice.random() < 0.12:
                words[place] += dice.choice((",", ".", ":", " -", "…", ", l’"))
        if dice.random() < 0.15:
            words.insert(0, dice.choice(self._people))
        if dice.random() < 0.25:
            words.insert(0, f"@u{dice.randrange(200_000)}")
        words[-1] += dice.choice(ENDS)
        if dice.random() < 0.35:
            words += [f"#{each}" for each in self._on(topic, dice.randint(1, 3))]
        if dice.random() < 0.25:
            words.append(dice.choice(EMOJI))
        if dice.random() < 0.2:
            words.append(f"https://{word(dice.randrange(5_000))}.example/{dice.randrange(10**6):x}")

    def queries(self, count: int) -> Iterator[str]:
        """So many queries, of the kinds that people write."""
        kinds = (
            (self._brand, 22), (self._matter, 26), (self._near, 12), (self._spoken, 8), (self._person, 9),
            (self._tags, 7), (self._subject, 10), (self._voices, 4), (self._phrase, 2),
        )  # fmt: skip
        makers, weights = zip(*kinds, strict=True)
        for _ in range(count):
            brand = self._dice.choices(self._brands, cum_weights=self._asked)[0]
            yield self._dice.choices(makers, weights)[0](brand)

    def _ways(self, brand: Brand) -> str:
        """A name in its spellings."""
        ways = [f'"{brand.name}"' if " " in brand.name else f"{{{brand.name}}}"]
        ways += [f"@{brand.joined}", f"#{brand.joined}", brand.joined.lower()]
        return f"({' OR '.join(ways[: self._dice.randint(2, 4)])})"

    def _either(self, words: Sequence[str]) -> str:
        return f"({' OR '.join(dict.fromkeys(words))})"

    def _about(self, brand: Brand, count: int) -> str:
        words = [f"{each[:-1]}*" if self._dice.random() < 0.25 and len(each) > 4 else each
                 for each in self._on(brand.topic, count)]  # fmt: skip
        return self._either(words)

    def _noise(self, brand: Brand) -> str:
        one, other, third = self._some(3)
        return f'({one} OR "{other} {third}" OR #{self._on(brand.topic, 1)[0]})'

    def _brand(self, brand: Brand) -> str:
        return f"{self._ways(brand)} NOT {self._noise(brand)}"

    def _matter(self, brand: Brand) -> str:
        about = self._about(brand, self._dice.randint(3, 12))
        return f"{self._ways(brand)} AND {about} NOT {self._noise(brand)}"

    def _near(self, brand: Brand) -> str:
        return f"{self._ways(brand)} NEAR/{self._dice.randint(3, 8)} {self._about(brand, 5)}"

    def _spoken(self, brand: Brand) -> str:
        language = self._dice.choices(LANGUAGES, SHARES)[0]
        return f"{self._ways(brand)} lang:{language} -is:share"

    def _person(self, brand: Brand) -> str:
        name = self._dice.choice(self._people)
        first, last = name.split()
        return f'("{name}" OR {{{last}}} OR @{first.lower()}{last.lower()}) -{self._some(1)[0]}'

    def _tags(self, brand: Brand) -> str:
        return self._either([f"#{each}" for each in self._on(brand.topic, self._dice.randint(1, 3))])

    def _subject(self, brand: Brand) -> str:
        return f"{self._about(brand, 4)} AND {self._about(brand, 4)} AND {self._either(self._some(6))}"

    def _voices(self, brand: Brand) -> str:
        who = self._dice.randrange(200_000)
        return self._dice.choice(
            (
                f"author:u{who} OR @u{who}",
                f'author:u{who} OR "{brand.name}"',
                f"mention:{brand.joined} type:reply",
            )
        )

    def _phrase(self, brand: Brand) -> str:
        one, other = self._on(brand.topic, 2)
        return f'"{one} {other}" OR "{other} {one}"~2'
