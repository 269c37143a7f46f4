"""What is said after an order by itself: a silent vendor, a late parcel, a change, another shop, a complaint."""

from dataclasses import dataclass
from typing import Any, TypedDict

from base.db import Db
from base.shortening import shorten
from bot import attention
from bot.attention import AttentionSettled
from bot.dialogs.means import terms_of
from bot.linking import ChatsLinked
from bot.notice_words import Door, answers
from bot.notices import InLanguage, Notices
from bot.pictures import PictureLost
from bot.price_words import of_delivery
from bot.suspension import RightsRestored
from bot.texts import say
from catalog.products import product
from catalog.stock import Cause
from orders import changing, complaints, cutting, facts, moving, progress, reports
from orders.cutting import Cut
from orders.moving import Another
from orders.reports import Part
from orders.states import OVER

MOST_WORDS = 300  # characters of a complaint in a notice
MOST_LETTERS = 40  # of a landmark in a notice


class OfferedLine(TypedDict):
    """Units of another shop; `amount` in F CFA."""

    quantity: int
    name: str
    amount: int


class Amount(TypedDict):
    """F CFA."""

    amount: int


class Nothing(TypedDict):
    """A line that needs no value."""


class Offer(TypedDict):
    """Another shop's offer; amounts in F CFA, `fee` and `before` in words; one of the differences has an item."""

    vendor: str
    lines: list[OfferedLine]
    fee: str
    total: int
    dearer: list[Amount]
    cheaper: list[Amount]
    equal: list[Nothing]
    before: str


@dataclass(frozen=True)
class FollowUp:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def part_silent(self, db: Db, fact: facts.PartSilent) -> None:
        """The vendor is reminded, with his buttons."""
        part = reports.part(db, fact.vendor_order_id)
        if part:
            self.told.tell_shop(db, part, "silent", answers(part))

    def part_unanswered(self, db: Db, fact: facts.PartUnanswered) -> None:
        """The buyer is offered the same goods of another shop, to wait, or to let it be."""
        part = reports.part(db, fact.vendor_order_id)
        if part is None:
            return
        offer = self._another(db, part)
        if offer:
            self.told.tell_buyer(db, part, "unanswered", ("swap", "wait_on", "drop"), offered(offer, part))
        else:
            self.told.tell_buyer(db, part, "unanswered_alone", ("wait_on", "drop"))

    def part_refused(self, db: Db, fact: facts.PartRefused) -> None:
        """The buyer hears why, and who has the same, or where to look for something else."""
        part = reports.part(db, fact.vendor_order_id)
        if part is None:
            return
        offer = self._another(db, part)
        if offer:
            self.told.tell_buyer(db, part, "refused_offer", ("swap", "track"), offered(offer, part))
        else:
            self.told.tell_buyer(db, part, "refused", ("track",))

    def _another(self, db: Db, part: Part) -> Another | None:
        standing = moving.standing(db, part.id)
        return moving.another(db, standing, terms_of(self.told.config)) if standing else None

    def part_moved(self, db: Db, fact: facts.PartMoved) -> None:
        """The new shop gets its part; the old one, if it was silent, hears that it is too late."""
        old, new = reports.part(db, fact.vendor_order_id), reports.part(db, fact.new_part_id)
        if old and fact.was_waiting:
            self.told.tell_shop(db, old, "moved")
        if new:
            self.told.ask_vendors(db, [new])

    def part_changed(self, db: Db, fact: facts.PartChanged) -> None:
        """The vendor hears what is otherwise now, with his buttons."""
        part = reports.part(db, fact.vendor_order_id)
        if part is None:
            return
        lines = changing.last_change(db, fact.order_id, part.id)
        changes = [{name: line[name] for name in ("name", "before", "after")} for line in lines]
        what = "changed" if changes else "readdressed"
        self.told.tell_shop(db, part, what, answers(part), {"changes": changes})

    def part_cut(self, db: Db, fact: facts.PartCut) -> None:
        """The buyer hears at once what is missing and what it costs now, and chooses; a person gives back the rest."""
        part, cut = reports.part(db, fact.vendor_order_id), cutting.last_cut(db, fact.vendor_order_id)
        if part is None or cut is None:
            return
        self.told.tell_buyer(db, part, "cut", ("keep_rest", "drop_rest"), cut_in_words(cut))
        if cut.overpaid:
            attention.ask(db, "refund_to_arrange", {"vendor_order": part.id, "contact": part.contact_id})

    def rest_kept(self, db: Db, fact: facts.PartRestKept) -> None:
        """Both hear that what is left is wanted: it may leave, and the code for the door is told."""
        part = reports.part(db, fact.vendor_order_id)
        if part:
            self.told.tell_buyer(db, part, "rest_kept", ("track",))
            self.told.tell_shop(db, part, "rest_kept")

    def part_late(self, db: Db, fact: facts.PartLate) -> None:
        """The vendor is reminded, gently."""
        part = reports.part(db, fact.vendor_order_id)
        if part:
            self.told.tell_shop(db, part, "late", () if part.way == "pickup" else ("handed_over",))

    def part_very_late(self, db: Db, fact: facts.PartVeryLate) -> None:
        """A person has to look where it is."""
        part = reports.part(db, fact.vendor_order_id)
        if part:
            attention.ask(db, "part_late", {"vendor": part.vendor_id, "vendor_order": part.id})

    def complaint_made(self, db: Db, fact: facts.ComplaintMade) -> None:
        """The shop hears what is wrong, without the buyer's phone; a person takes it up."""
        part, made = reports.part(db, fact.vendor_order_id), complaints.complaint(db, fact.complaint_id)
        if part is None or made is None:
            return
        told = {"reason": made.reason, "words": shorten(complaints.without_numbers(made.words), MOST_WORDS)}
        self.told.tell_shop(db, part, "complaint", (), told)
        about = {"contact": made.contact_id, "vendor_order": part.id, "complaint": made.id}
        attention.ask(db, "complaint", about, part.conversation_id)

    def attention_settled(self, db: Db, fact: AttentionSettled) -> None:
        """A line of the list closes the complaint that it stood for, or settles what is paid before."""
        about = dict(fact.about)
        by = Cause(about.get("settled_by"), None)
        part_id = int(about.get("vendor_order") or 0)
        match fact.kind:
            case "payment_to_arrange":
                progress.note_arranged(db, part_id, by, terms_of(self.told.config).hours)
            case "refund_to_arrange":
                progress.note_returned(db, part_id, by)
        if about.get("complaint"):
            complaints.settle(db, int(about["complaint"]))

    def part_over(self, db: Db, fact: facts.PartFact) -> None:
        """What was paid for a part that is over is given back by a person; its buyer hears that."""
        part = reports.part(db, fact.vendor_order_id)
        if part and part.owed:
            about = {"vendor_order": part.id, "contact": part.contact_id}
            if attention.ask(db, "refund_to_arrange", about):
                self.told.tell_buyer(db, part, "refund", ("track",))

    def payment_returned(self, db: Db, fact: facts.PaymentReturned) -> None:
        """The buyer hears it."""
        part = reports.part(db, fact.vendor_order_id)
        if part:
            self.told.tell_buyer(db, part, "refunded" if part.state in OVER else "difference", ("track",))

    def picture_lost(self, db: Db, fact: PictureLost) -> None:
        """The vendor hears that a photo can't be shown, and may send another one."""
        found = product(db, fact.product_id)
        if found:
            door = Door("vendor", "photo_again", str(found.id), found.name)
            values = {"name": found.name, "why": fact.why}
            self.told.tell_person(db, fact.contact_id, "notice.vendor.picture_lost", values, [door], {})

    def rights_restored(self, db: Db, fact: RightsRestored) -> None:
        """Who waits for his rights hears that he has them again."""
        self.told.tell_chat(db, fact.conversation_id, "notice.restored", {})

    def chats_linked(self, db: Db, fact: ChatsLinked) -> None:
        """The chat that gave the code hears what came of it, and how to undo it."""
        self.told.tell_chat(db, fact.conversation_id, "notice.linked", {"channel": fact.channel})

    def complaint_settled(self, db: Db, fact: facts.ComplaintSettled) -> None:
        """The buyer hears it."""
        part = reports.part(db, fact.vendor_order_id)
        if part:
            self.told.tell_buyer(db, part, "complaint_settled", ("track",))


def cut_in_words(cut: Cut) -> InLanguage:
    """What was cut from a part, as values in a language; `until` in words, '' while its shop is shut."""

    def told(language: str) -> dict[str, Any]:
        lines = [{"name": name, "before": before, "after": after} for name, before, after in cut.lines]
        return {
            "cuts": [line for line in lines if line["before"] != line["after"]],
            "cost": cut.after,
            "before": cut.before,
            "refund": say(language, "offer.given_back", {"overpaid": cut.overpaid}) if cut.overpaid else "",
            "until": say(language, "offer.until", {"until": cut.until}) if cut.until else "",
        }

    return told


def offered(offer: Another, part: Part) -> InLanguage:
    """Another shop's offer in place of a part, as values in a language."""
    difference: Amount = {"amount": abs(offer.difference)}

    def told(language: str) -> dict[str, list[Offer]]:
        whole: Offer = {
            "vendor": offer.vendor.name,
            "lines": [{"quantity": line.quantity, "name": line.name, "amount": line.amount} for line in offer.lines],
            "fee": of_delivery(language, offer.vendor, part.way, offer.delivery, MOST_LETTERS),
            "total": offer.total,
            "dearer": [difference] if offer.difference > 0 else [],
            "cheaper": [difference] if offer.difference < 0 else [],
            "equal": [] if offer.difference else [{}],
            "before": say(language, "offer.before", {"prepaid": offer.prepaid}) if offer.prepaid else "",
        }
        return {"offers": [whole]}

    return told
