"""What a person may ask about himself: announcements, what is kept of him, and its end."""

from bot.dialog import RETURN, State, ask, choose, do, tell
from bot.dialogs import calling
from bot.dialogs.buyer import agreeing, linking, rights
from bot.dialogs.readers import read_phone_said

ANNOUNCEMENTS: dict[str, State] = {
    "at_menu": do(agreeing.at_menu, ask="announcements", menu="menu"),
    "announcements": choose("announcements", yes="agreeing", no="declining"),
    "agreeing": do(agreeing.agree, done="agreed"),
    "agreed": tell("agreed", "menu"),
    "declining": do(agreeing.decline, done="declined"),
    "declined": tell("declined", "menu"),
    "my_announcements": do(agreeing.look, wanted="announcements_on", unwanted="announcements"),
    "announcements_on": choose("announcements_on", yes="agreed", no="ending"),
    "ending": do(agreeing.end, done="declined"),
    "opt_out": do(agreeing.hear_stop, stopped="opted_out", unsure="opt_out_sure"),
    "opt_out_sure": choose("opt_out_sure", yes="stopping", no=RETURN),
    "stopping": do(agreeing.stop, stopped="opted_out"),
    "opted_out": tell("opted_out", RETURN),
    "opt_in": do(agreeing.hear_start, started="opted_in", unsure="announcements"),
    "opted_in": tell("opted_in", RETURN),
}

DATA: dict[str, State] = {
    "data_request": do(
        rights.which_right,
        access="my_data",
        erase="erase",
        correct="correct",
        quarter="quarter",
        address="address_to_change",
    ),
    "my_data": choose("my_data", shows=rights.held, correct="correct", erase="erase", menu="menu"),
    "correct": choose("correct_what", name="correct_name", phone="correct_phone", back="menu"),
    "correct_name": ask(
        "correct_name",
        rights.read_name,
        rights.hear_name,
        is_open=True,
        spoken=["give_up"],
        missed="missed_name",
        heard="name_sure",
        give_up="menu",
    ),
    "name_sure": choose("name_sure", shows=rights.name_heard, yes="keeping_name", no="correct_name"),
    "keeping_name": do(rights.keep_name, writes="after_yes", kept="corrected"),
    "correct_phone": ask(
        "correct_phone",
        read_phone_said,
        rights.keep_phone,
        shows=calling.asks_phone,
        spoken=["no"],
        missed="missed_phone",
        kept="corrected",
        no="menu",
    ),
    "corrected": tell("corrected", "my_data"),
    "erase": do(
        rights.look_before_erasing, free="erase_sure", order="erase_order", role="erase_role", before="erase_before"
    ),
    "erase_sure": choose("erase_sure", shows=rights.grace, yes="erasing", no="erase_dropped"),
    "erase_dropped": tell("erase_dropped", RETURN),
    "erasing": do(rights.ask_erasure, writes="after_yes", asked="erase_asked", order="erase_order", role="erase_role"),
    "erase_asked": tell("erase_asked", RETURN, shows=rights.due),
    "erase_order": choose(
        "erase_order", shows=rights.open_order, stands=rights.has_open_order, orders="orders", menu="menu"
    ),
    "erase_role": choose("erase_role", person="person", asides=["person"], menu="menu"),
    "erase_before": choose("erase_before", shows=rights.due, stands=rights.is_leaving, stay="staying", menu="menu"),
    "staying": do(rights.stay, kept="stayed", nothing="not_leaving"),
    "stayed": tell("stayed", RETURN),
    "not_leaving": tell("not_leaving", RETURN),
    "checkout": do(rights.look_before_ordering, leaving="stay_first", staying="address"),
    "stay_first": choose("stay_first", shows=rights.due, yes="staying_first", no="address"),
    "staying_first": do(rights.stay_and_order, kept="address"),
}

LINKING: dict[str, State] = {
    "link_named": do(linking.begin, drawn="link_code", asked="link_sure", refused="link_refused"),
    "link_code": tell("link_code", RETURN, shows=linking.code),
    "link_sure": choose("link_sure", shows=linking.sure, stands=linking.is_asked, yes="linking", no="link_dropped"),
    "link_dropped": tell("link_dropped", RETURN),
    "linking": do(linking.link, writes="after_yes", linked="linked", refused="link_refused"),
    "linked": tell("linked", "menu"),
    "link_refused": tell("link_refused", RETURN, shows=linking.refused),
    "unlink_named": do(linking.look, standing="unlink_sure", none="not_linked"),
    "not_linked": tell("not_linked", RETURN),
    "unlink_sure": choose(
        "unlink_sure", shows=linking.parting, stands=linking.is_linked, yes="unlinking", no="link_dropped"
    ),
    "unlinking": do(linking.unlink, writes="after_yes", unlinked="unlinked", refused="link_refused"),
    "unlinked": tell("unlinked", "menu"),
}

RIGHTS_WORDS = {
    **dict.fromkeys(("annonces", "les annonces", "mes annonces", "announcements"), "my_announcements"),
    **dict.fromkeys(("mes donnees", "mes donnees personnelles", "my data"), "my_data"),
    **dict.fromkeys(("corriger", "corriger mes donnees", "correct", "correct my data"), "correct"),
    **dict.fromkeys(("supprimer", "supprimer mes donnees", "effacer mes donnees"), "erase"),
    **dict.fromkeys(("delete", "delete my data", "erase my data"), "erase"),
    **dict.fromkeys(("annuler la suppression", "annuler suppression", "keep my data"), "staying"),
}
"""Folded whole messages that lead there from everywhere."""
