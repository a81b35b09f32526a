"""Queries of the field, from other tools' manuals and made for French, with what they become here."""

from typing import NamedTuple


class Case(NamedTuple):
    """A query as published. `read`: its normal form, "" if it is blocked; `codes`: its problems or warnings."""

    text: str
    read: str
    codes: tuple[str, ...] = ()


CORPUS = (
    Case(
        'apple AND (watch OR iwatch) NOT ("apple sauce" OR "apple juice" OR "apple orchard*")',
        'apple AND (watch OR iwatch) AND NOT ("apple sauce" OR "apple juice" OR "apple orchard*")',
    ),
    Case(
        '("Golden State Warriors" OR "GSW") AND basketball',
        '("Golden State Warriors" OR "GSW") AND basketball',
    ),
    Case("Apple ONEAR/10 watch", "Apple ONEAR/10 watch"),
    Case("President NEAR/10 Trump", "President NEAR/10 Trump"),
    Case(
        "(shop OR shops OR Shopped OR shopping) NEAR (center OR centers)",
        "(shop OR shops OR Shopped OR shopping) NEAR/5 (center OR centers)",
    ),
    Case(
        "((apple OR orange) NEAR/5 (smartphone OR phone))", "(apple OR orange) NEAR/5 (smartphone OR phone)"
    ),
    Case("(logitech NEAR/2f keyboard)", "logitech ONEAR/2 keyboard"),
    Case('city:"deu.berlin.berlin" AND "apple juice"', 'city:"deu.berlin.berlin" AND "apple juice"'),
    Case('url:"msn.com/news" AND "Simon Cowell"', 'url:"msn.com/news" AND "Simon Cowell"'),
    Case('site:"amazon.com" AND itemReview:("Xbox One")', "", ("unknown_field",)),
    Case("raw:Google+", "{Google+}", ("imported",)),
    Case(
        "((complain* NEAR/5 product*) NOT (resolve* NEAR/3 solution*)) AND site:twitter.com",
        "(complain* NEAR/5 product*) AND NOT (resolve* NEAR/3 solution*) AND site:twitter.com",
    ),
    Case(
        "((smartphone OR phone) NEAR/5 (review OR rating)) AND ((camera OR battery) NEAR/3 (excellent OR amazing))",
        "((smartphone OR phone) NEAR/5 (review OR rating)) AND ((camera OR battery) NEAR/3 (excellent OR amazing))",
    ),
    Case("continent:europe AND (sustainability NEAR/10 climate)", "", ("unknown_field",)),
    Case("(election*) OR <<<DE>>> (wahl OR wahle*)", "election* OR wahl OR wahle*"),
    Case(
        '((cake OR "ice cream" OR cookie) AND (birthday OR birthdays))~5',
        '(cake OR "ice cream" OR cookie) NEAR/5 (birthday OR birthdays)',
        ("imported",),
    ),
    Case('"bicycle" AND ("shoes" OR "time")', '"bicycle" AND ("shoes" OR "time")'),
    Case('"bicycle" AND "helmet" NOT "shoes"', '"bicycle" AND "helmet" AND NOT "shoes"'),
    Case(
        '"Amazon" AND ("home decor" OR "lighting" OR "furniture" OR "home goods")',
        '"Amazon" AND ("home decor" OR "lighting" OR "furniture" OR "home goods")',
    ),
    Case(
        '("Netflix" OR "Netflix\'s") AND (country:"United States" OR sourcelocationcountry:"United States")',
        '("Netflix" OR "Netflix\'s") AND (country:"United States" OR country:"United States")',
        ("imported",),
    ),
    Case(
        "(happy OR happiness OR excited OR elated) lang:en -birthday -is:retweet -holidays",
        "(happy OR happiness OR excited OR elated) AND lang:en AND NOT birthday AND NOT is:share AND NOT holidays",
    ),
    Case(
        "#nowplaying (horrible OR worst OR sucks OR bad OR disappointing)"
        " (place_country:US OR place_country:MX OR place_country:CA) -happy -amazing",
        "#nowplaying AND (horrible OR worst OR sucks OR bad OR disappointing)"
        " AND (country:US OR country:MX OR country:CA) AND NOT happy AND NOT amazing",
        ("imported", "imported", "imported"),
    ),
    Case(
        "has:geo (from:NWSNHC OR from:NHC_Atlantic) -is:retweet",
        "has:geo AND (author:NWSNHC OR author:NHC_Atlantic) AND NOT is:share",
        ("imported", "imported"),
    ),
    Case('("X API" OR #v2) -"recent search"', '("X API" OR #v2) AND NOT "recent search"'),
    Case("(burger OR hamburger) AND NOT mushroom /2 sauce", "", ("mixed",)),
    Case('Mask -movie -"Jim Carray"', 'Mask AND NOT movie AND NOT "Jim Carray"'),
    Case('Starbucks AND "latte macchiato"', 'Starbucks AND "latte macchiato"'),
    Case("near/4:James,Shaffer", "James NEAR/4 Shaffer", ("imported",)),
    Case("apple AND computer AND NOT fruit", "apple AND computer AND NOT fruit"),
    Case(
        "({Orange} OR @Orange_France OR #Orange) AND (box OR fibre OR réseau OR panne OR facture OR SAV)"
        ' NOT (jus OR "code orange" OR "vigilance orange" OR fruit*)',
        "({Orange} OR @Orange_France OR #Orange) AND (box OR fibre OR réseau OR panne OR facture OR SAV)"
        ' AND NOT (jus OR "code orange" OR "vigilance orange" OR fruit*)',
    ),
    Case(
        '("Air France" OR @airfrance OR airfrance) AND'
        " ((vol* NEAR/5 (annul* OR retard*)) OR bagage* OR grève) lang:fr NOT is:own",
        '("Air France" OR @airfrance OR airfrance) AND'
        " ((vol* NEAR/5 (annul* OR retard*)) OR bagage* OR grève) AND lang:fr AND NOT is:own",
    ),
    Case(
        '("La Poste" OR @lisalaposte) AND (colis NEAR/6 (perdu OR retard OR "non livré")) sentiment:negative',
        '("La Poste" OR @lisalaposte) AND (colis NEAR/6 (perdu OR retard OR "non livré")) AND sentiment:negative',
    ),
    Case(
        '("Michel et Augustin" OR "Michel & Augustin" OR #micheletaugustin)'
        ' NOT (recrute OR CDI OR stage OR "jeu concours" OR #concours)',
        '("Michel et Augustin" OR "Michel & Augustin" OR #micheletaugustin)'
        ' AND NOT (recrute OR CDI OR stage OR "jeu concours" OR #concours)',
    ),
    Case(
        "{EDF} AND (tarif* OR facture* OR Linky) AND country:fr AND engagement:>50",
        "{EDF} AND (tarif* OR facture* OR Linky) AND country:fr AND engagement:>50",
    ),
)
