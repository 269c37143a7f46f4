"""One message about an address, taken apart: place, landmark with its relation, who receives, and his phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.buyer.telling import is_landmark, is_same_again, other_place, read_landmark, read_told, tidy

TOLD = [
    # as people write | place, landmark, recipient, phone
    ("je suis a be kpota derriere la pharmacie pour tous", "be-kpota", "derrière la pharmacie pour tous", "", ""),
    (
        "Avedji carrefour Limousine a coté de la boulangerie",
        "avedji", "carrefour Limousine à côté de la boulangerie", "", "",
    ),
    ("hedzranawoe non loin du marché portail vert", "hedzranawoe", "non loin du marché portail vert", "", ""),
    (
        "Bè-Kpota derrière la pharmacie Pour Tous, pour Afi Mensah 90 12 34 56",
        "be-kpota", "derrière la pharmacie Pour Tous", "Afi Mensah", "+22890123456",
    ),
    (
        "Bè-Kpota, derrière la pharmacie Pour Tous, Afi Mensah, 90 12 34 56",
        "be-kpota", "derrière la pharmacie Pour Tous", "Afi Mensah", "+22890123456",
    ),
    (
        "Djidjolé\nprès de la station Total\nKofi Mensah\n+228 97 12 34 56",
        "djidjole", "près de la station Total", "Kofi Mensah", "+22897123456",
    ),
    ("agoe assiyeye face au marché pour afi 90123456", "agoe-assiyeye", "face au marché", "afi", "+22890123456"),
    (
        "Mensah Afi 90123456, Bè-Kpota derrière l'école",
        "be-kpota", "derrière l'école", "Mensah Afi", "+22890123456",
    ),
    ("derrière la pharmacie, à Bè-Kpota", "be-kpota", "derrière la pharmacie", "", ""),
    ("Derriere le grand marché à Amoutivé svp", "amoutive", "derrière le grand marché", "", ""),
    ("Kara pour MENSAH Afi 90123456", "kara", "", "MENSAH Afi", "+22890123456"),
    ("livrez à Adidogomé svp", "adidogome", "", "", ""),
    ("Lomé, Djidjolé", "djidjole", "", "", ""),
    ("agoe telessou", "agoe-nyive", "telessou", "", ""),
]  # fmt: skip


@pytest.mark.parametrize("typed, place, landmark, recipient, phone", TOLD)
def test_a_message_is_taken_apart(typed, place, landmark, recipient, phone):
    told = read_told(typed)
    assert told.place is not None
    assert (told.place.slug, told.landmark, told.recipient, told.phone) == (place, landmark, recipient, phone)


@pytest.mark.parametrize(
    "typed, candidates, landmark",
    [
        ("Klikamé derrière le marché", ["be-klikame", "klikame-sanguera"], "derrière le marché"),
        ("totsi", ["totsi", "totsi-kpatefi"], ""),
        ("kegue face au stade", ["kegue", "kelegouvi"], "face au stade"),
        ("Aflao", ["aflao-gakli", "sagbado"], ""),
        ("Adidogomé, Apédokoè", ["adidogome", "apedokoe"], ""),
        ("zzyzx", [], ""),
    ],
)
def test_a_name_that_several_places_bear_is_left_to_be_asked_with_the_rest_kept(typed, candidates, landmark):
    told = read_told(typed)
    assert told.place is None
    assert ([place.slug for place in told.candidates], told.landmark) == (candidates, landmark)


@pytest.mark.parametrize(
    "typed, landmark, recipient, phone",
    [
        ("derriere la pharmacie Pour Tous", "derrière la pharmacie Pour Tous", "", ""),
        ("face au marché d'Amoutivé, Afi Mensah 90123456", "face au marché d'Amoutivé", "Afi Mensah", "+22890123456"),
        ("2e von à droite apres le CEG", "2e von à droite après le CEG", "", ""),
        ("immeuble blanc, portail vert", "immeuble blanc, portail vert", "", ""),
    ],
)
def test_a_place_in_a_landmark_belongs_to_its_name(typed, landmark, recipient, phone):
    told = read_landmark(typed)
    assert (told.place, told.landmark, told.recipient, told.phone) == (None, landmark, recipient, phone)


@pytest.mark.parametrize(
    "typed, read",
    [
        ("derriere la mosquée", "derrière la mosquée"),
        ("Derriere   l'école  svp", "derrière l'école"),
        ("a cote de la boulangerie.", "à côté de la boulangerie"),
        ("à coté du bar, merci", "à côté du bar"),
        ("pres de la CEET", "près de la CEET"),
        ("apres le rond point", "après le rond point"),
        ("en fasse de l'hôtel", "en face de l'hôtel"),
        ("carrefour Limousine", "carrefour Limousine"),
    ],
)
def test_a_rider_reads_a_good_sentence(typed, read):
    assert tidy(typed) == read


@pytest.mark.parametrize(
    "typed, is_again",
    [
        ("même adresse que la derniere fois", True),
        ("la meme adresse", True),
        ("au même endroit svp", True),
        ("comme la dernière fois", True),
        ("same address", True),
        ("adresse", False),
        ("Bè-Kpota", False),
    ],
)
def test_the_address_of_last_time_is_asked_for_in_many_ways(typed, is_again):
    assert is_same_again(typed) is is_again


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("non plutot adidogome", "adidogome"),
        ("Non, c'est à Agoè", "Agoè"),
        ("attends, finalement kpalimé svp", "kpalimé"),
        ("en fait livrez à Bè-Kpota", "Bè-Kpota"),
        ("non loin du marché d'Adidogomé", ""),
        ("non loin d'Agoè", ""),
        ("adidogome", ""),
        ("non", ""),
        ("non plutôt derrière la pharmacie", ""),
    ],
)
def test_another_quarter_is_told_by_a_word_that_takes_the_first_one_back(typed, place):
    assert other_place(typed) == place


def test_what_begins_as_a_landmark_names_no_quarter():
    assert is_landmark("derrière le marché d'Amoutivé")
    assert not is_landmark("Amoutivé derrière le marché")


@given(st.text(max_size=200))
def test_any_text_is_read_without_error(text):
    told = read_told(text)
    assert len(told.landmark) <= 200
    assert len(told.recipient) <= 60
