"""The question for the landmark names the quarter that took another's place."""

QUESTION = "Quel repère connu est proche ? Exemple : derrière la pharmacie."
BEGUN = ("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui", "commander")


def quarter_of(chat):
    return chat.db.value("select quarter from basket where contact_id = %(id)s", id=chat.contact_id)


def test_the_first_quarter_is_not_said_back(awa):
    assert awa.goes(*BEGUN, "be kpota") == QUESTION


def test_another_quarter_is_named(awa):
    awa.goes(*BEGUN, "be kpota")
    assert awa.says("non plutot adidogome") == f"C'est noté : Adidogomé.\n{QUESTION}"
    assert (awa.state, quarter_of(awa)) == ("buyer.landmark", "adidogome")


def test_one_of_two_namesakes_is_named(awa):
    awa.goes(*BEGUN, "be kpota", "non c klikame")
    assert awa.titles == ["Bè-Klikamé", "Klikamé (Sanguéra)", "Autre quartier"]
    assert awa.says("1") == f"C'est noté : Bè-Klikamé.\n{QUESTION}"


def test_who_comes_back_to_the_first_quarter_reads_its_name_too(awa):
    awa.goes(*BEGUN, "be kpota", "non plutot adidogome")
    assert awa.says("non plutot be kpota") == f"C'est noté : Bè-Kpota.\n{QUESTION}"


def test_an_order_that_goes_elsewhere_names_the_quarter(awa, ordered):
    awa.goes("menu", "menu", f"modifier {ordered[2]}", "adresse", "adidogome")
    assert awa.words == f"C'est noté : Adidogomé.\n{QUESTION}"
