"""The table of channels.md §7: each neutral part on each channel, with the cases that prove what it becomes there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edge:
    """A limit of a cell, in characters or pieces: a case below, one at, and one above it; `told` is the reference's."""

    limit: int
    below: str
    at: str
    above: str
    told: int


@dataclass(frozen=True)
class Cell:
    """What proves a cell: cases by their names, which stand in the channel's test_mapping where no other is told.

    `besides` are those of the reference's numbers that are no limits of ours, each with its reason; `lacks` says why a
    channel is never asked for this part.
    """

    cases: Sequence[str] = ()
    edges: Sequence[Edge] = ()
    besides: Mapping[int, str] = field(default_factory=dict)
    lacks: str = ""

    @property
    def named(self) -> list[str]:
        """All cases; '' where one is missing."""
        return [*self.cases, *(case for edge in self.edges for case in (edge.below, edge.at, edge.above))]


def edge(limit: int, below: str, at: str, above: str, told: int = 0) -> Edge:
    """A limit whose cases have names of their own."""
    return Edge(limit, below, at, above, told or limit)


def around(limit: int, case: str, told: int = 0) -> Edge:
    """A limit whose three cases differ in the number that stands for {}."""
    below, at, above = (case.format(number) for number in (limit - 1, limit, limit + 1))
    return Edge(limit, below, at, above, told or limit)


def cell(*cases: str, edges: Sequence[Edge] = (), besides: Mapping[int, str] | None = None) -> Cell:
    """A cell that is proved."""
    return Cell(cases, edges, besides or {})


def lacking(why: str, *numbers: int) -> Cell:
    """A part that we have no words for."""
    return Cell(besides=dict.fromkeys(numbers, why), lacks=why)


CHANNELS = ("twilio_whatsapp", "whatsapp_cloud", "messenger")
EDGES, FORMS = "test_mapping_edges", "test_forms"
A_PAGE = "rows of a page, which is the bot's: the tenth row leads on"
AN_AIM = "how long a text should be, not how long it may be"
NO_SIGN = "no dialog answers by a sign alone: whoever writes is told in words what became of it, also in text mode"

# Twilio
TW_CHOICES = (
    edge(
        3,
        "test_three_choices_are_buttons_and_a_fourth_makes_a_list[2-*",
        "test_three_choices_are_buttons_and_a_fourth_makes_a_list[3-*",
        "test_three_choices_are_buttons_and_a_fourth_makes_a_list[4-*",
    ),
    around(20, "test_a_title_too_long_for_a_button_is_a_row[{}-*"),
    edge(
        200,
        "test_an_id_up_to_the_limit_comes_back_whole[199]",
        "test_an_id_up_to_the_limit_comes_back_whole[200]",
        "test_an_id_beyond_the_limit_makes_numbers",
    ),
    around(1024, "test_words_beside_choices_that_are_too_long_go_before_them_in_part[{}]"),
)
TW_ROWS = edge(
    10,
    "test_up_to_ten_rows_are_a_list[9]",
    "test_up_to_ten_rows_are_a_list[10]",
    "test_an_eleventh_row_makes_all_of_them_numbers",
)
TW_LIST = (
    edge(
        24,
        "test_a_title_up_to_a_rows_limit_stands_in_it_alone[23]",
        "test_a_title_up_to_a_rows_limit_stands_in_it_alone[24]",
        "test_a_title_too_long_for_a_row_stands_whole_in_its_detail",
    ),
    around(72, "test_a_detail_is_cut_at_its_limit[{}]"),
    TW_ROWS,
)
TW_CARD = edge(
    1024,
    "test_a_card_holds_words_up_to_the_limit[1023]",
    "test_a_card_holds_words_up_to_the_limit[1024]",
    "test_words_above_a_cards_limit_go_before_it_in_part",
)
TW_CAROUSEL = edge(
    10,
    "test_goods_with_photos_stand_side_by_side_where_that_is_approved[9]",
    "test_goods_with_photos_stand_side_by_side_where_that_is_approved[10]",
    "test_more_goods_than_a_carousel_holds_are_numbers",
)
TW_LINK = (
    edge(
        20,
        f"test_an_address_of_our_own_is_a_button[1-{'x' * 19}]",
        f"test_an_address_of_our_own_is_a_button[1-{'x' * 20}]",
        "test_an_address_that_no_button_can_open_stands_below_the_words[title above]",
    ),
    edge(
        640,
        "test_an_address_of_our_own_is_a_button[639-O]",
        "test_an_address_of_our_own_is_a_button[640-O]",
        "test_an_address_that_no_button_can_open_stands_below_the_words[words above]",
    ),
)
TW_BESIDE = "test_where_an_address_has_no_room_beside_choices_they_are_numbers"
TW_PDF = around(1024, "test_a_file_carries_a_caption_up_to_the_limit[document-*-{}-*")

# Meta's Cloud API
WAC_CHOICES = (
    around(3, f"{EDGES}::test_so_many_buttons[{{}}]"),
    around(20, f"{EDGES}::test_a_buttons_title[{{}}]"),
    around(200, f"{EDGES}::test_an_id[buttons-{{}}]", told=256),  # what a row may have, for both
    around(1024, f"{EDGES}::test_words_above_buttons[{{}}]"),
)
WAC_ROWS = around(10, f"{EDGES}::test_so_many_rows[{{}}]")
WAC_LIST = (
    around(24, f"{EDGES}::test_a_rows_title[{{}}]"),
    around(72, f"{EDGES}::test_a_rows_detail[{{}}]"),
    around(20, f"{EDGES}::test_what_opens_a_list[{{}}]"),
    around(200, f"{EDGES}::test_an_id[list-{{}}]"),
    WAC_ROWS,
)
WAC_CARD = edge(
    1024,
    f"{EDGES}::test_words_of_a_photo_with_buttons[1023]",
    f"{EDGES}::test_words_of_a_photo_with_buttons[1024]",
    f"{EDGES}::test_words_of_a_photo_with_buttons_above_their_limit_go_before_it_in_part",
)
WAC_LINK = (around(20, f"{EDGES}::test_a_links_label[{{}}]"), around(1024, f"{EDGES}::test_words_above_a_link[{{}}]"))
WAC_BESIDE = f"{EDGES}::test_an_address_in_the_words_above_buttons"
WAC_PDF = around(1024, f"{EDGES}::test_a_caption[document-*-{{}}]")
WAC_ASKED = f"{EDGES}::test_words_of_a_question"

# Messenger
FBM_TITLES = around(20, f"{FORMS}::test_a_title_below_at_and_above_its_limit[{{}}-*")
FBM_PAYLOADS = around(1000, f"{FORMS}::test_a_payload_below_at_and_above_its_limit[{{}}-*")
FBM_REPLIES = edge(
    13,
    f"{FORMS}::test_choices_that_say_all_by_their_titles_are_quick_replies_below_the_words[12-*",
    f"{FORMS}::test_choices_that_say_all_by_their_titles_are_quick_replies_below_the_words[13-*",
    f"{FORMS}::test_more_choices_than_quick_replies_are_numbered",
)
FBM_CARD_LINES = (
    edge(
        80,
        "test_a_title_and_a_detail_up_to_a_cards_lines_stand_on_it[79]",
        "test_a_title_and_a_detail_up_to_a_cards_lines_stand_on_it[80]",
        "test_a_title_above_a_cards_line_stands_whole_above",
    ),
    edge(
        80,
        "test_a_title_and_a_detail_up_to_a_cards_lines_stand_on_it[79]",
        "test_a_title_and_a_detail_up_to_a_cards_lines_stand_on_it[80]",
        "test_a_detail_above_a_cards_line_stands_above_too_as_long_as_a_rows_may_be",
    ),
)
FBM_PHOTO = "test_a_photo_and_words_of_two_lines_are_one_card"
FBM_PHOTO_LINES = (
    edge(
        80, f"{FBM_PHOTO}[79-79]", f"{FBM_PHOTO}[80-0]", f"test_a_photo_above_more_words_goes_before_them[{'t' * 81}]"
    ),
    edge(
        80, f"{FBM_PHOTO}[79-79]", f"{FBM_PHOTO}[1-80]", f"test_a_photo_above_more_words_goes_before_them[*{'s' * 81}]"
    ),
)
FBM_CARDS = edge(
    10,
    "test_goods_with_photos_are_cards_below_their_words[9]",
    "test_goods_with_photos_are_cards_below_their_words[10]",
    "test_more_goods_than_cards_are_quick_replies",
)
FBM_LINK = (
    around(20, "test_the_label_of_a_link[{}-*"),
    edge(
        640,
        "test_a_link_is_a_button_below_words_up_to_its_limit[639]",
        "test_a_link_is_a_button_below_words_up_to_its_limit[640]",
        "test_a_link_below_longer_words_stands_in_them",
    ),
)
FBM_BUTTONS = edge(
    3,  # the link's own, and two
    "test_a_link_and_up_to_two_offers_are_buttons_together[1]",
    "test_a_link_and_up_to_two_offers_are_buttons_together[2]",
    "test_a_link_and_more_offers_are_quick_replies_below_its_address",
)
FBM_PHONE = edge(
    13,
    "test_a_question_for_a_phone_has_a_reply_with_the_persons_own[1]",
    "test_a_question_for_a_phone_has_a_reply_with_the_persons_own[12]",
    "test_beside_thirteen_offers_the_phone_is_typed",
)
IN_WORDS = "test_a_phone_to_call_stands_in_the_words"

# neutral part -> its cells, in the order of CHANNELS
TABLE: dict[str, tuple[Cell, Cell, Cell]] = {
    "text": (
        cell(
            edges=[
                edge(
                    1600,
                    "test_words_up_to_the_limit_are_one_body[1599]",
                    "test_words_up_to_the_limit_are_one_body[1600]",
                    "test_longer_words_are_two_bodies[1601]",
                )
            ]
        ),
        cell(edges=[around(4096, f"{EDGES}::test_words[{{}}]")], besides={1000: AN_AIM}),
        cell(
            f"{FORMS}::test_words",
            edges=[around(1999, f"{FORMS}::test_words_below_at_and_above_their_limit[{{}}-*", told=2000)],
            besides={600: AN_AIM},
        ),
    ),
    "image + caption": (
        cell(edges=[around(1024, "test_a_file_carries_a_caption_up_to_the_limit[photo-*-{}-*")]),
        cell(edges=[around(1024, f"{EDGES}::test_a_caption[image-*-{{}}]")]),
        cell(f"{FORMS}::test_a_photo_goes_before_its_words_which_carry_our_id", edges=FBM_PHOTO_LINES),
    ),
    "choices 1–3": (
        cell("test_a_photo_with_buttons_is_a_card", edges=TW_CHOICES),
        cell("test_sending::test_a_bubble_has_its_forms_best_first[buttons under a photo]", edges=WAC_CHOICES),
        cell(
            f"{FORMS}::test_choices_that_say_all_by_their_titles_are_quick_replies_below_the_words[3-*",
            edges=[FBM_TITLES, FBM_PAYLOADS],
            besides={640: "words above buttons that stay: choices are quick replies, and links have them"},
        ),
    ),
    "choices 4–10": (cell(edges=TW_LIST), cell(edges=WAC_LIST), cell(edges=[FBM_REPLIES, FBM_TITLES, FBM_PAYLOADS])),
    "choices 11–13": (
        cell(edges=[TW_ROWS], besides={9: A_PAGE}),
        cell(edges=[WAC_ROWS]),
        cell(edges=[FBM_REPLIES], besides={12: A_PAGE}),
    ),
    ">13 choices": (
        cell(edges=[TW_ROWS], besides={9: A_PAGE}),
        cell(edges=[WAC_ROWS]),
        cell(edges=[FBM_REPLIES], besides={11: A_PAGE}),
    ),
    "list with sections": (
        cell(
            "test_sections::test_a_sections_name_stands_before_the_detail",
            edges=[around(72, "test_sections::test_a_section_and_a_detail_are_cut_at_their_limit[{}]")],
            besides={500: "the price of an example"},
        ),
        cell(
            f"{EDGES}::test_rows_without_a_section_stand_last_below_what_opens_the_list",
            edges=[
                around(10, f"{EDGES}::test_so_many_sections[{{}}]"),
                around(24, f"{EDGES}::test_a_sections_name[{{}}-*"),
                around(10, f"{EDGES}::test_goods_of_the_catalogue_in_so_many_sections[{{}}]"),
                WAC_ROWS,
            ],
        ),
        cell(
            "test_quotes::test_rows_of_sections_are_quick_replies_below_words_with_their_headings",
            "test_quotes::test_goods_of_sections_are_no_cards",
        ),
    ),
    "product card (1)": (
        cell("test_a_photo_with_buttons_is_a_card", edges=[TW_CARD, TW_CHOICES[0]]),
        cell("test_goods_come_out_of_the_catalogue_and_are_told_in_the_words_too", edges=[WAC_CARD]),
        cell(
            edges=[*FBM_CARD_LINES, *FBM_PHOTO_LINES],
            besides={3: "a card has one button: what else can be done stands below it as quick replies"},
        ),
    ),
    "product cards 2–10": (
        cell("test_a_photo_with_a_list_goes_before_it", edges=[*TW_LIST, TW_CAROUSEL]),
        cell(edges=[*WAC_LIST, around(30, f"{EDGES}::test_so_many_goods_of_the_catalogue[{{}}]")]),
        cell(edges=[FBM_CARDS, *FBM_CARD_LINES]),
    ),
    "link button": (
        cell(edges=TW_LINK, besides={1: "a bubble has no second link"}),
        cell("test_a_link_is_a_button_and_in_words_an_address_that_is_shown", edges=WAC_LINK),
        cell(edges=FBM_LINK),
    ),
    "link + reply choices": (
        cell(
            "test_an_address_beside_choices_or_a_file_stands_in_the_words",
            edges=[edge(1024, f"{TW_BESIDE}[-1]", f"{TW_BESIDE}[0]", f"{TW_BESIDE}[1]")],
        ),
        cell(edges=[edge(1024, f"{WAC_BESIDE}[-1]", f"{WAC_BESIDE}[0]", f"{WAC_BESIDE}[1]")]),
        cell(edges=[FBM_BUTTONS]),
    ),
    "phone call": (
        cell(IN_WORDS),
        cell(f"{EDGES}::{IN_WORDS}", besides={228: "Togo's own number"}),
        cell(IN_WORDS),
    ),
    "location request": (
        cell("test_what_is_asked_for_is_asked_in_words[location]"),
        cell("test_a_question_has_the_button_that_answers_it", edges=[around(1024, f"{WAC_ASKED}[location-*-{{}}]")]),
        cell("test_a_question_for_a_place_is_words"),
    ),
    "location send": (
        cell(
            "test_a_place_is_a_pin_with_the_words",
            edges=[around(1024, "test_a_place_below_long_words_is_an_address_on_a_map[{}-*")],
        ),
        cell(
            "test_a_pin_is_a_location_and_below_words_an_address_of_a_map",
            f"{EDGES}::test_a_pin_goes_alone_and_below_words_it_is_an_address_of_a_map",
        ),
        cell("test_a_place_is_a_maps_link_below_its_words"),
    ),
    "ask phone": (
        cell("test_what_is_asked_for_is_asked_in_words[phone]"),
        cell(
            "test_a_bubble_has_these_payloads_best_first[question for the phone of who is known by it]",
            edges=[around(1024, f"{WAC_ASKED}[phone-*-{{}}]")],
        ),
        cell(edges=[FBM_PHONE]),
    ),
    "order recap/receipt": (
        cell("test_words_up_to_the_limit_are_one_body", edges=[TW_PDF]),
        cell(edges=[WAC_PDF]),
        cell(
            "test_a_receipt_that_says_all_its_words_say_goes_for_them",
            "test_a_receipt_that_is_sent_again_is_refused_and_its_words_go",
            edges=[around(100, "test_a_receipts_lines_below_at_and_above_their_limit[{}-*")],
        ),
    ),
    "typing / seen": (
        cell("test_typing::test_twilio_is_told_the_message_that_is_answered"),
        cell("test_sending::test_somebody_sees_that_he_is_being_answered"),
        cell("test_courtesies::test_what_he_wrote_is_seen_and_somebody_writes"),
    ),
    "reply quote": (
        cell("test_sections::test_what_is_answered_is_not_quoted"),
        cell(
            "test_quotes::test_what_is_answered_is_quoted",
            "test_quotes::test_what_cannot_be_quoted_is_answered_without",
        ),
        cell(
            "test_quotes::test_what_is_answered_is_quoted",
            "test_quotes::test_what_cannot_be_quoted_is_answered_without",
        ),
    ),
    "template (outside 24 h)": (
        cell(
            "test_sending::test_a_template_goes_out_in_a_shut_window",
            "test_sending::test_a_template_that_the_account_lacks_is_said_so_and_nothing_is_sent",
        ),
        cell(
            "test_sending::test_a_shut_window_gets_the_approved_template",
            "test_sending::test_a_template_that_is_not_there_is_never_replaced_by_words",
        ),
        cell(f"{FORMS}::test_a_template_goes_as_a_utility_message"),
    ),
    "document/PDF ticket": (
        cell(edges=[TW_PDF]),
        cell("test_sending::test_a_bubble_has_its_forms_best_first[document]", edges=[WAC_PDF]),
        cell(
            f"{FORMS}::test_words_go_before_their_document",
            "test_sending::test_a_document_that_is_refused_goes_as_a_link",
            besides={25: "megabytes, which Meta weighs: a document that it refuses goes as a link"},
        ),
    ),
    "audio": (
        cell("test_a_sound_goes_before_its_words"),
        cell(f"{EDGES}::test_a_sound_goes_before_its_words"),
        cell(f"{FORMS}::test_a_sound_goes_alone"),
    ),
    "reaction": (lacking(NO_SIGN), lacking(NO_SIGN), lacking(NO_SIGN)),
}
