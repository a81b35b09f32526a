"""A kind of notice: its words, who is told and how, and where it leads. `topics` has all of them."""

from __future__ import annotations

from dataclasses import dataclass

NOW, DIGEST, NEVER = "now", "digest", "never"


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of notice.

    label     what it is called where a person chooses how to be told.
    sentence  what it says; `facts` of the notice fill it.
    role      the least role on the brand that is told by name: in the bell, by mail, push and chat.
    strip     the least role that reads it at the top of the brand's pages, "" for nobody: it stands elsewhere. Personal
              notices are in the bell alone.
    mail, push, chat  when these ways tell, unless the person chose otherwise: NOW, DIGEST or NEVER.
    bad       whether something is wrong, or only waits for somebody.
    page      the name of the address that it leads to, with the number in the notice's `about`, "" for none.
    rouses    somebody on duty is called: told by mail and push at once, also in quiet hours, whatever they chose.
    """

    label: str
    sentence: str
    role: str = "reader"
    strip: str = "reader"
    mail: str = NOW
    push: str = NOW
    chat: str = NEVER
    page: str = ""
    personal: bool = False
    bad: bool = True
    rouses: bool = False
