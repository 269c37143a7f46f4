"""What is heard of questions: by the shop, by the buyer, and by the market's people; nobody reads another's number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from base.clock import now
from base.config import Config
from base.db import Db
from base.shortening import shorten
from bot import attention, received
from bot.attention import AttentionSettled
from bot.handover import HandWritten
from bot.messages import Outgoing, Template
from bot.notice_chats import ONE_CHAT, Chat, chat_from
from bot.notice_words import Door
from bot.notices import Notices
from bot.outbox import News, numbers, put_notice
from bot.received import Received
from bot.templates import SHOP_NEWS, for_reader
from bot.texts import say
from catalog import questions
from catalog.facts import QuestionAnswered, QuestionAsked, QuestionUnanswered, WordsStopped
from catalog.questions import Question
from catalog.stock import Cause

# kinds of the organizers' list; the last: a voice note was passed on that nothing has looked at
KIND, STOPPED, VOICE = "question", "question_stopped", "question_voice"
IN_TEMPLATE: Final = 200  # characters of a question or an answer
KEPT: Final = ("kept", "waiting")
HEARD: Final = {"question": "written.heard_vendor", "reply": "written.heard_buyer"}  # whoever hears a voice note
FILE: Final = "written.file"  # what nobody knows the kind of any more
OF_KIND: Final[Mapping[str, str]] = {"audio": "written.voice", "image": "written.photo"}


@dataclass(frozen=True)
class QuestionNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def asked(self, db: Db, fact: QuestionAsked) -> None:
        """All of the shop who answer orders get it, with a button; people at once where nobody can be written to."""
        one = questions.question(db, fact.question_id)
        if one is None:
            return
        chats = self.told.chats_of_shop(db, one.vendor_id)
        door = Door("vendor", "answer", str(one.id), str(one.number))
        if chats:
            _ask_to_hear(db, one.file_inbox_id)
        for chat in chats:
            self._tell(db, chat, "notice.vendor.question", one, one.words, one.file_inbox_id, [door], "question")
        if not chats and questions.give_to_people(db, one.id):
            self._to_people(db, one)

    def answered(self, db: Db, fact: QuestionAnswered) -> None:
        """The buyer reads the answer, with ways on while the product is sold."""
        one = questions.question(db, fact.question_id)
        chat = self._chat(db, one) if one else None
        if one is None or chat is None:
            return
        doors = [
            Door("buyer", "see", str(one.product_id), one.product),
            Door("buyer", "ask", str(one.product_id), str(one.number)),
        ]
        key = "notice.buyer.reply" if one.is_sold else "notice.buyer.reply_gone"
        _ask_to_hear(db, one.answer_inbox_id)
        self._tell(db, chat, key, one, one.answer, one.answer_inbox_id, doors if one.is_sold else [], "reply")

    def unanswered(self, db: Db, fact: QuestionUnanswered) -> None:
        """The shop's time is over."""
        one = questions.question(db, fact.question_id)
        if one:
            self._to_people(db, one)

    def _to_people(self, db: Db, one: Question) -> None:
        """The organizers' list, and the buyer hears that somebody looks at it."""
        attention.ask(db, KIND, {"question": one.id, "contact": one.contact_id}, one.conversation_id)
        chat = self._chat(db, one)
        if chat:
            values = {"shop": one.shop, "name": one.product}
            template = _in_short(one.shop, "question_people", "")(chat.language)
            self.told.tell(db, chat, "notice.buyer.question_people", values, [], {"question": one.id}, template)

    def stopped(self, db: Db, fact: WordsStopped) -> None:
        """A line of the list with the words; the other side is warned, once for all tries of one writer."""
        one = questions.question(db, fact.question_id)
        if one is None:
            return
        about = {"question": one.id, "contact": fact.contact_id, "why": fact.why, "detail": fact.words}
        if not attention.ask(db, STOPPED, about, fact.conversation_id):
            return
        side = "buyer" if fact.by_shop else "vendor"
        buyers = [chat] if fact.by_shop and (chat := self._chat(db, one)) else []
        shops = [] if fact.by_shop else self.told.chats_of_shop(db, one.vendor_id)
        for chat in [*buyers, *shops]:
            values = {"shop": one.shop, "name": one.product, "why": fact.why}
            template = _in_short(one.shop, f"warned_{side}", "")(chat.language)
            self.told.tell(db, chat, f"notice.{side}.warned", values, [], {"question": one.id}, template)

    def answered_by_hand(self, db: Db, fact: HandWritten) -> None:
        """One of the market's people has answered it: nobody else needs to."""
        about = attention.about_of(db, fact.attention_id)
        if about.get("question") and attention.kind_of(db, fact.attention_id) == KIND:
            by = Cause(about.get("answered_by"), None)
            questions.answered_by_people(db, int(about["question"]), fact.words, by)

    def settled(self, db: Db, fact: AttentionSettled) -> None:
        """People have seen to it in another way: it waits no longer."""
        about = dict(fact.about)
        if fact.kind == KIND and about.get("question"):
            questions.drop(db, int(about["question"]))

    def _chat(self, db: Db, one: Question) -> Chat | None:
        """Where the buyer asked; where he writes now, when that chat is no longer his."""
        row = db.one(
            f"{ONE_CHAT} where c.id = %(id)s and c.contact_id = %(contact)s and c.account_id = any(%(accounts)s)",
            id=one.conversation_id,
            contact=one.contact_id,
            accounts=list(self.told.accounts),
        )
        return chat_from(row) if row else next(iter(self.told.chats(db, [one.contact_id])), None)

    def _tell(
        self,
        db: Db,
        chat: Chat,
        key: str,
        one: Question,
        said: str,
        inbox_id: int | None,
        doors: Sequence[Door],
        news: str,
    ) -> None:
        """One notice; what came with the words follows it, or stands as an address in it where it cannot be shown."""
        file = _file(db, inbox_id)
        is_shown = file is not None and self._can_show(db, chat, file)
        url = received.link(self.told.config, file, now(db)) if file else ""
        values: Mapping[str, Any] = {
            "number": one.number,
            "due_at": one.due_at.isoformat(),
            "name": one.product,
            "shop": one.shop,
            "words": said or say(chat.language, _key(file), {}),
            "asked": shorten(one.words, IN_TEMPLATE) or say(chat.language, file_key(db, one.file_inbox_id), {}),
            "file": _beside(chat, file, "" if is_shown else url, HEARD[news]),
        }
        about = {"question": one.id}
        template = _in_short(one.shop, news, said, one.number, _key(file))(chat.language)
        self.told.tell(db, chat, key, values, doors, about, template)
        if file and is_shown:
            shown = Outgoing("", audio=url) if file.kind == "audio" else Outgoing(_below(chat, one), photo=url)
            said_at = numbers(db)[0].said
            put_notice(
                db, News(chat.conversation_id, said_at, shown, None, about), self.told.config.timing.notice_too_old
            )

    def _can_show(self, db: Db, chat: Chat, file: Received) -> bool:
        is_picture_there = file.kind == "audio" or not chat.is_in_text_mode
        return file.state == "kept" and is_picture_there and self.told.is_open(db, chat)


def _beside(chat: Chat, file: Received | None, url: str, warning: str) -> str:
    """Below the words: where the file is, unless it follows, and what a voice note may not ask of whoever hears it."""
    at = [say(chat.language, "written.at", {"url": url})] if url else []
    warned = [say(chat.language, warning, {})] if file and file.kind == "audio" else []
    return "".join(f"\n{line}" for line in (*at, *warned))


def _below(chat: Chat, one: Question) -> str:
    return say(chat.language, "written.below", {"name": one.product})


def _file(db: Db, inbox_id: int | None) -> Received | None:
    """The picture or voice note of a message, while it is kept or is coming."""
    files = received.of_messages(db, [inbox_id]) if inbox_id else []
    return next((file for file in files if file.kind in OF_KIND and file.state in KEPT), None)


def file_key(db: Db, inbox_id: int | None) -> str:
    """The text key of what stands for words that did not come with a file: `(un vocal)`, `(une photo)`."""
    return _key(_file(db, inbox_id))


def file_keys(db: Db, inbox_ids: Sequence[int]) -> dict[int, str]:
    """The same for many messages; those whose file is gone are left out."""
    files = received.of_messages(db, inbox_ids) if inbox_ids else []
    return {file.inbox_id: _key(file) for file in files if file.kind in OF_KIND and file.state in KEPT}


def _key(file: Received | None) -> str:
    return OF_KIND.get(file.kind, FILE) if file else FILE


def _ask_to_hear(db: Db, inbox_id: int | None) -> None:
    """What is said cannot be stopped as words are: people hear a voice note too. One line for all of a chat."""
    file = _file(db, inbox_id)
    if inbox_id and file and file.kind == "audio":
        writer = db.one(
            "select c.id, c.contact_id from received_media r join conversation c on c.id = r.conversation_id"
            " where r.inbox_id = %(inbox)s and r.place = %(place)s",
            inbox=inbox_id,
            place=file.place,
        )
        if writer:
            attention.ask_to_look(db, VOICE, writer.id, writer.contact_id, [inbox_id])


def address_of(db: Db, config: Config, inbox_id: int | None, at: datetime) -> str:
    """Where what came with a question can be seen or heard; '' without."""
    file = _file(db, inbox_id)
    return received.link(config, file, at) if file else ""


def _in_short(shop: str, what: str, said: str, number: int = 0, file: str = FILE) -> Callable[[str], Template]:
    """For whose window is shut: the shop's name and a few words in one line, or the key of what came without words."""
    words = shorten(" ".join(said.split()), IN_TEMPLATE)

    def values(language: str) -> tuple[str, ...]:
        told = words or say(language, file, {})
        return shop, say(language, f"news.shop.{what}", {"words": told, "code": number})

    return lambda reader: for_reader(SHOP_NEWS, reader, values)
