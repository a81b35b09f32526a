"""Fields that pages know, and numbers that are none: what the walk through every address throws at them."""

from hypothesis import strategies as st

FIELDS = [
    "text", "key", "seen", "to", "state", "login", "password", "email", "code", "language", "theme", "density", "name",
    "keys", "shortcuts", "sent", "next", "show", "q", "older", "newer", "again", "thread", "page", "handle", "seed",
    "languages", "server", "images", "alt", "settled", "after", "undo", "draft", "role", "brand", "domain", "slug",
    "time_zone", "tint", "sign", "kind", "own",
    "person", "since", "until", "as", "confirm", "network", "days-audit", "controller", "contact", "officer",
]  # fmt: skip
NUMBERS = [
    "0",
    "-1",
    "1e9",
    "9" * 10,
    "9" * 19,
    "9" * 40,
    "9" * 5000,
    "1_0",
    "\u0663",
    "0x1",
    "NaN",
    "-0",
    "1.5",
    " 1",
]
STRANGE = [
    "", "\x00", "a\x00b", "\ufffe", "\u202e", "\U0010ffff", "%00", "%ff", "../..", "//", "\r\n", "{{", "'", "\"><i>",
    "\\", "x" * 9000, "0001-01-01", "99999-1-1", "None", "[]", "{}", "open", "1-1", "9999999999999999-1",
    "99999999999999999-1",
]  # fmt: skip
words = st.sampled_from(NUMBERS + STRANGE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
fields = st.dictionaries(st.sampled_from(FIELDS) | words, words, max_size=4)
