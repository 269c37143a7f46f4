"""Who reacts to what: what follows from a fact, inside its transaction."""

from base.facts import Reactions
from bot import flags
from bot.aftermath import NoticeFailed
from bot.application_news import ApplicationNews
from bot.appointing import OrganizerChanged
from bot.attention import AttentionNeeded, AttentionSettled
from bot.broadcasts.facts import BroadcastCounted, BroadcastDone, BroadcastPaused, Seconded
from bot.broadcasts.news import BroadcastNews
from bot.by_hand import ByHand
from bot.errands import Errands
from bot.event_news import EventNews
from bot.flags import FlagDecided
from bot.follow_up import FollowUp
from bot.handover import HandWritten, Replied
from bot.linking import ChatsLinked
from bot.list_news import ListNews
from bot.market_news import MarketNews
from bot.market_words import FiguresCounted
from bot.moderation_news import ModerationNews
from bot.notices import Notices
from bot.order_answers import BuyerAnswered
from bot.passing_on import PassingOn
from bot.pictures import PictureLost
from bot.price_lists import ListAdvanced, ListApplied, ListRead, ListUndone
from bot.programme_files import ProgrammeRead, ProgrammeWritten
from bot.programme_news import ProgrammeNews
from bot.question_news import QuestionNews
from bot.shop_days import ShopDays
from bot.shop_news import ShopNews
from bot.shop_people import HelperAnswered, HelperInvited, HelperLetGo
from bot.suspension import RightsElsewhere, RightsRestored, ask_whose
from bot.voice_news import VoiceNews
from bot.voices import VoiceRead
from catalog.facts import (
    ApplicationDecided,
    ApplicationSent,
    GoodsArrived,
    PayoutAsked,
    PayoutEnded,
    PayoutStopped,
    PromotionBegan,
    PromotionEnded,
    QuestionAnswered,
    QuestionAsked,
    QuestionUnanswered,
    ShopStood,
    WordsStopped,
)
from events.booking_facts import LessonAnswered, PlacesGot, RatingsDue, RemindersDue
from events.facts import PlacesChanged, WorkshopCancelled, WorkshopChanged, WorkshopMoved, WorkshopRestored
from orders import facts


def reactions(told: Notices) -> Reactions:
    """REACTIONS: what follows from a fact, in this order."""
    return [*_of_orders(told), *_of_people(told), *_of_watch(told), *_of_goods(told), *_of_workshops(told)]


def _of_orders(told: Notices) -> Reactions:
    follow_up, passing, errands = FollowUp(told), PassingOn(told), Errands(told)
    return [
        (facts.OrderPlaced, told.tell_vendors),
        (facts.OrderPlaced, passing.order_placed),
        (facts.OrderPlaced, ShopDays(told).order_placed),
        (facts.PartAccepted, told.part_accepted),
        (facts.PartAccepted, passing.tell_the_way),
        (facts.PartCut, follow_up.part_cut),
        (facts.PartRestKept, follow_up.rest_kept),
        (facts.PartRestKept, passing.tell_the_way),
        (facts.PartRefused, follow_up.part_refused),
        (facts.PartReady, told.part_ready),
        (facts.PartHandedOver, told.part_handed_over),
        (facts.PartHandedOver, passing.show_receipt),
        (facts.RiderChanged, errands.rider_changed),
        (facts.RiderAsked, errands.rider_asked),
        (facts.PartDelivered, told.part_delivered),
        (facts.PartExpired, told.part_expired),
        (facts.PartReturned, told.part_returned),
        (facts.PartCancelled, told.part_cancelled),
        (facts.PartSilent, follow_up.part_silent),
        (facts.PartUnanswered, follow_up.part_unanswered),
        (facts.PartMoved, follow_up.part_moved),
        (facts.PartMoved, passing.part_moved),
        (facts.PartChanged, follow_up.part_changed),
        (facts.PartLate, follow_up.part_late),
        (facts.PartVeryLate, follow_up.part_very_late),
        (facts.ComplaintMade, follow_up.complaint_made),
        (facts.ComplaintSettled, follow_up.complaint_settled),
        (facts.PaymentArranged, told.payment_arranged),
        (facts.PaymentReturned, follow_up.payment_returned),
        (facts.PaymentTaken, follow_up.part_over),
        *((over, follow_up.part_over) for over in facts.OVER),
        *((over, errands.part_over) for over in facts.OVER),
        (facts.BasketForgotten, told.basket_forgotten),
        (facts.CodeLocked, told.code_locked),
        (facts.CodeUnlocked, told.code_unlocked),
        (NoticeFailed, told.notice_failed),
        (NoticeFailed, errands.not_reached),
    ]


def _of_people(told: Notices) -> Reactions:
    follow_up, by_hand, shop_news, questions = FollowUp(told), ByHand(told), ShopNews(told), QuestionNews(told)
    applying = ApplicationNews(told)
    return [
        (ApplicationSent, applying.sent),
        (ApplicationDecided, applying.decided),
        (HelperInvited, shop_news.helper_invited),
        (HelperAnswered, shop_news.helper_answered),
        (HelperLetGo, shop_news.helper_let_go),
        (PayoutAsked, shop_news.payout_asked),
        (PayoutStopped, shop_news.payout_stopped),
        (PayoutEnded, shop_news.payout_ended),
        (BroadcastCounted, BroadcastNews(told).counted),
        (FiguresCounted, MarketNews(told).figures_counted),
        (BroadcastPaused, BroadcastNews(told).paused),
        (BroadcastDone, BroadcastNews(told).done),
        (Seconded, BroadcastNews(told).seconded),
        (AttentionNeeded, BroadcastNews(told).needed),
        (HandWritten, by_hand.bring),
        (Replied, by_hand.replied),
        (AttentionSettled, follow_up.attention_settled),
        (HandWritten, questions.answered_by_hand),
        (AttentionSettled, questions.settled),
        (RightsElsewhere, ask_whose),
        (RightsRestored, follow_up.rights_restored),
        (ChatsLinked, follow_up.chats_linked),
    ]


def _of_watch(told: Notices) -> Reactions:
    news = ModerationNews(told)
    return [
        (ShopStood, news.shop_stood),
        (FlagDecided, news.flag_decided),
        (AttentionSettled, flags.settled),
        (OrganizerChanged, news.organizer_changed),
        (BuyerAnswered, news.buyer_answered),
    ]


def _of_goods(told: Notices) -> Reactions:
    lists, days, questions = ListNews(told), ShopDays(told), QuestionNews(told)
    return [
        (QuestionAsked, questions.asked),
        (QuestionAnswered, questions.answered),
        (QuestionUnanswered, questions.unanswered),
        (WordsStopped, questions.stopped),
        (facts.ShopDayOver, days.day_over),
        (facts.StockUnsure, days.stock_unsure),
        (facts.ShopTurned, days.shop_turned),
        (PromotionBegan, days.promotion_began),
        (PromotionEnded, days.promotion_ended),
        (PictureLost, FollowUp(told).picture_lost),
        (GoodsArrived, told.goods_arrived),
        (VoiceRead, VoiceNews(told).read),
        (ListRead, lists.read),
        (ListAdvanced, lists.advanced),
        (ListApplied, lists.applied),
        (ListUndone, lists.undone),
        (ProgrammeRead, ProgrammeNews(told).read),
        (ProgrammeWritten, ProgrammeNews(told).written),
    ]


def _of_workshops(told: Notices) -> Reactions:
    workshops = EventNews(told)
    return [
        (WorkshopMoved, workshops.workshop_moved),
        (WorkshopChanged, workshops.workshop_changed),
        (WorkshopCancelled, workshops.workshop_cancelled),
        (WorkshopRestored, workshops.workshop_restored),
        (PlacesChanged, workshops.places_changed),
        (PlacesGot, workshops.places_got),
        (RemindersDue, workshops.reminders_due),
        (RatingsDue, workshops.ratings_due),
        (LessonAnswered, workshops.lesson_answered),
    ]
