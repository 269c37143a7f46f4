"""A message for shut windows is declared as its providers can approve it, or every fault of it is named."""

import pytest
import yaml
from pydantic import ValidationError

from base.config import ROOT, ConfigError, load
from base.templates import DeclaredTemplate, count_of, first_name, language_of, texts_of

ORDER = {"name": "code", "sample": "TG-4K7P2"}
SHOP = {"name": "shop", "sample": "Maman Yawa"}


def declared(text, *variables, category="utility"):
    return DeclaredTemplate(category=category, variables=variables or (ORDER, SHOP), languages={"fr": text})


@pytest.mark.parametrize(
    "text", ["Voici {{code}} de {{shop}}.", "Voici {{1}} de {{2}}.", " Voici {{ code }} de {{2}}.\n"]
)
def test_variables_have_names_or_numbers_and_go_out_as_numbers(text):
    (found,) = declared(text).texts("order_news")
    assert (found.name, found.language, found.category) == ("order_news_fr", "fr", "utility")
    assert (found.text, found.samples) == ("Voici {{1}} de {{2}}.", ("TG-4K7P2", "Maman Yawa"))


def test_the_second_named_may_be_said_first():
    (found,) = declared("Chez {{shop}}, voici {{code}}.").texts("x")
    assert found.text == "Chez {{2}}, voici {{1}}."


WRONG = {
    "begins with a variable": ("{{code}} de {{shop}}.", ["fr: begins with a variable"]),
    "ends with one": ("Voici {{code}} de {{shop}} ", ["fr: ends with a variable"]),
    "two touch": ("Voici {{code}} {{shop}}.", ["fr: two variables touch"]),
    "one is not used": ("Voici {{code}}.", ["fr: shop is not used"]),
    "one is not declared": ("Voici {{code}} de {{shop}} à {{town}}.", ["fr: {{town}} is no variable"]),
    "a number beyond": ("Voici {{1}} de {{2}} à {{3}}.", ["fr: {{3}} is no variable"]),
    "braces that are left": ("Voici {{code}} de {{shop}} à {{ la maison.", ["fr: braces stand where no variable is"]),
    "no name": ("Voici {{code}} de {{shop}} à {{}}.", ["fr: {{}} is no variable"]),
    "too long": ("Voici {{code}} de {{shop}} : " + "a" * 1010, ["fr: is longer than 1024 characters"]),
    "runs": ("Voici {{code}}\n\n\nde {{shop}}.", ["fr: has a tab, four spaces or three line breaks in a row"]),
    "several at once": ("{{code}}{{shop}}", ["fr: begins with", "fr: ends with a variable", "fr: two variables touch"]),
}


@pytest.mark.parametrize("text, faults", WRONG.values(), ids=WRONG)
def test_what_nobody_would_approve_is_named(text, faults):
    with pytest.raises(ValidationError) as refused:
        declared(text)
    told = refused.value.errors()[0]["msg"].removeprefix("Value error, ").split("; ")
    assert [fault[: len(wanted)] for fault, wanted in zip(told, faults, strict=True)] == faults


def test_a_text_of_1024_characters_is_the_longest():
    rest = "Voici {{1}} de {{2}} : "
    (found,) = declared(rest + "a" * (1024 - len(rest))).texts("x")
    assert len(found.text) == 1024
    with pytest.raises(ValidationError, match="longer than 1024"):
        declared(rest + "a" * (1025 - len(rest)))


@pytest.mark.parametrize(
    "more, problem",
    [
        ({"category": "authentication"}, "Input should be 'utility' or 'marketing'"),
        ({"variables": [{"name": "code", "sample": ""}]}, "String should have at least 1 character"),
        ({"variables": [{"name": "code"}]}, "Field required"),
        ({"variables": [{"name": "Le code", "sample": "x"}]}, "String should match pattern"),
        ({"variables": [ORDER, ORDER]}, "the variable code is named twice"),
        ({"languages": {}}, "at least 1 item"),
        ({"languages": {"français": "Bonjour."}}, "String should match pattern"),
        ({"languages": {"fr": " "}, "variables": []}, "fr: is empty"),
        ({"footer": "STOP"}, "Extra inputs are not permitted"),
    ],
)
def test_a_declaration_of_another_shape_is_refused(more, problem):
    usual = {"category": "utility", "variables": [ORDER], "languages": {"fr": "Voici {{code}}."}}
    with pytest.raises(ValidationError, match=problem):
        DeclaredTemplate.model_validate(usual | more)


@pytest.mark.parametrize("name, is_right", [("a" * 500, True), ("a" * 501, False), ("Order", False), ("1st", False)])
def test_a_name_is_snake_case_and_leaves_room_for_its_language(tmp_path, name, is_right):
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump({"templates": {name: {"category": "utility", "languages": {"fr": "Bonjour."}}}}))
    if is_right:
        assert list(texts_of(load(path, {}).templates)) == [f"{name}_fr"]
    else:
        with pytest.raises(ConfigError, match=f"templates.{name}.*String should match pattern"):
            load(path, {})


def test_the_settings_name_the_template_that_is_wrong(tmp_path):
    path = tmp_path / "config.yaml"
    wrong = {"category": "utility", "variables": [ORDER], "languages": {"fr": "{{code}} est là.", "en": "Hello."}}
    path.write_text(yaml.safe_dump({"templates": {"order_news": wrong}}, sort_keys=False))
    with pytest.raises(ConfigError) as refused:
        load(path, {})
    assert refused.value.problems == (
        "templates.order_news (ASSIGAME__TEMPLATES__ORDER_NEWS): Value error, fr: begins with a variable;"
        " en: code is not used",
    )


def test_other_words_get_another_name_and_the_same_words_the_same():
    (text,) = declared("Voici {{1}} de {{2}}.").texts("order_news")
    (other,) = declared("Voilà {{1}} de {{2}}.").texts("order_news")
    assert text.renamed == text.renamed
    assert text.renamed.name != other.renamed.name
    for name in (text.name, text.renamed.name, other.renamed.name):
        assert (first_name(name), language_of(name)) == ("order_news_fr", "fr")
    assert first_name("order_news_fr_2") == "order_news_fr_2"


@pytest.mark.parametrize(
    "text, count", [("", 0), ("Bonjour {{1}}.", 1), ("{{2}} et {{ 1 }}", 2), ("{{x}} {{99999}}", 0)]
)
def test_a_text_tells_how_many_values_it_needs(text, count):
    assert count_of(text) == count


def test_the_shipped_ones_speak_french_and_english():
    texts = texts_of(load(ROOT / "config.yaml", {}).templates)
    assert list(texts) == [
        f"{name}_{language}"
        for name in (
            *("new_order", "order_news", "errand", "shop_news", "workshop_news"),
            *("arrived", "announcement", "attention"),
        )
        for language in ("fr", "en")
    ]
    marketing = [name for name, text in texts.items() if text.category == "marketing"]
    assert marketing == ["arrived_fr", "arrived_en", "announcement_fr", "announcement_en"]
    assert texts["order_news_fr"].text == (
        "Bonjour, des nouvelles de la commande {{1}} ({{2}}) : {{3}}.\nRépondez ici pour en savoir plus."
    )
