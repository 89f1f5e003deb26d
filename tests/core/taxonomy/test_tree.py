"""The shipped tree of names: complete, free of contradictions, and found by words."""

from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from home_media_pipelines.core.errors import TaxonomyError
from home_media_pipelines.core.taxonomy.terms import candidates, normalise
from home_media_pipelines.core.taxonomy.tree import (
    SHIPPED,
    load,
    resolve,
    shipped,
    shipped_edition,
)
from home_media_pipelines.sample.things import LABELS

MEANINGS = {
    "vehicle.truck": [
        "truck", "Trucks", "TRUCK", "all trucks", "all the trucks", "lorries", "LKW",
        "alle LKW", "Lkws", "Lastwagen", "Laster", "zeig mir alle Laster", "a lorry",
        "pictures of trucks", "Bilder von LKWs", "trucks please",
    ],
    "animal.mammal.dog": [
        "dog", "dogs", "show me dogs", "puppies", "Hund", "Hunde", "hunden", "Welpen",
        "Hündin", "HUENDIN", "hundin", "mein Hund", "our dogs", "dog photos",
    ],
    "animal.mammal.dog.golden_retriever": ["golden retriever", "Golden Retrievers"],
    "animal.mammal.rodent.mouse": ["mice", "Mäuse", "maeuse", "mause", "Maus"],
    "animal.bird": ["Vögel", "vogel", "voegel", "birds", "Vo\u0308gel"],
    "place.city.street": ["Straße", "strasse", "STRASSE", "streets", "Straßen"],
    "plant.tree": ["Bäume", "Baum", "trees"],
    "person.child": ["children", "Kinder", "Kindern", "kids"],
    "food.dessert.ice_cream": ["ice cream", "icecream", "ice-cream", "Eiscreme"],
    "vehicle.train.metro": ["U-Bahn", "ubahn", "U Bahn", "U-Bahnen"],
    "clothing.shirt": ["T-Shirt", "tshirts", "t shirt", "Hemden"],
    "event.birthday": ["kids' birthday", "birthdays", "Geburtstag"],
    "home.kitchen.cutlery.knife": ["knives", "knife", "Messer"],
    "place.restaurant": ["cafés", "Cafe", "bar"],
    "nature.water.sea": ["the sea", "die See", "Meer"],
    "nature.water.lake": ["lakes", "See", "Seen"],
}  # fmt: skip

MORE_THAN_A_NAME = [
    "truck at the beach", "red truck", "two dogs", "dog and cat", "Hund im Schnee",
    "zoey", "corner", "care", "trainer", "all", "Bilder", "show me", "", " ", "?!",
    "dog " * 50, "dog" * 100, "\0",
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "path"), [(q, path) for path, qs in MEANINGS.items() for q in qs]
)
def test_a_name_means_its_taxon_in_both_languages(query, path):
    """Plurals, umlauts, ß, hyphens and polite words are how people type."""
    found = resolve(shipped(), query)
    assert found is not None
    assert found.path == path


@pytest.mark.parametrize("query", MORE_THAN_A_NAME)
def test_what_says_more_than_a_name_is_left_to_search(query):
    assert resolve(shipped(), query) is None


@pytest.mark.parametrize(
    ("vocabulary", "file", "number"),
    [("coco80", "coco.yaml", 80), ("objects365", "Objects365.yaml", 365)],
)
def test_every_label_of_a_detector_is_mapped(vocabulary, file, number):
    """Compared with the names in the detector's own package, where it is installed."""
    mapped = {label for known, label in shipped().labels if known == vocabulary}
    assert len(mapped) == number
    package = find_spec("ultralytics")
    if package is None or package.origin is None:
        pytest.skip("ultralytics is not installed")
    names = Path(package.origin).parent / "cfg" / "datasets" / file
    assert mapped == set(yaml.safe_load(names.read_text("utf-8"))["names"].values())


def test_every_label_of_the_drawings_is_mapped():
    mapped = {label for known, label in shipped().labels if known == "drawings"}
    assert mapped == set(LABELS)


def test_the_same_thing_is_the_same_taxon_in_every_vocabulary():
    """Another detector must not mean another tree."""
    labels = shipped().labels
    for coco, objects in (
        ("dog", "Dog"),
        ("cell phone", "Cell Phone"),
        ("tv", "Monitor/TV"),
    ):
        assert labels["coco80", coco] == labels["objects365", objects]
    for drawn in set(LABELS) - {"balloon", "flower", "house", "snowman", "tree"}:
        coco = "sports ball" if drawn == "ball" else drawn
        assert labels["drawings", drawn] == labels["coco80", coco]


def test_everything_has_names_in_both_languages():
    for taxon in shipped().taxa.values():
        assert set(taxon.names) == {"en", "de"}
        assert all(name[:2] != name[:2].lower() for name in taxon.names.values())


def test_every_name_leads_back_to_its_taxon():
    for taxon in shipped().taxa.values():
        for name in taxon.names.values():
            assert resolve(shipped(), name) == taxon


def test_the_edition_is_known_without_reading_the_rest():
    """The asset graph asks for it at import, in every process."""
    assert shipped_edition() == shipped().edition
    assert load(SHIPPED) == shipped()


GOOD = """
version = "1"
threshold = 0.35
[taxa]
"animal" = { en = "animal", de = "Tier, Tiere" }
"animal.dog" = { en = "dog", de = "Hund, Hunde", coco80 = "dog" }
"""


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('"animal.dog.pug" = { en = "pug" }', "has no name in de"),
        ('"plant.tree" = { en = "tree", de = "Baum" }', "parent does not stand above"),
        ('"Cat" = { en = "cat", de = "Katze" }', "a path is made of"),
        ('"a" = { en = "puppy", de = "HUNDE" }', "'HUNDE' means both animal.dog and a"),
        ('"a" = { en = "a", de = "b", coco80 = "dog" }', "'dog' is mapped 2 times"),
        ('"a" = { en = "a", de = "b", fr = "c" }', "fr is not a field"),
        ('"a" = { en = "a", de = "b", threshold = 2 }', "a number from 0 to 1"),
        ('"a" = { en = "!", de = "b" }', "neither letters nor digits"),
        ('"animal" = { en = "a", de = "b" }', "Cannot overwrite"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path, line, fault):
    """Whoever edits it reads at once what is wrong."""
    file = tmp_path / "taxonomy.toml"
    file.write_text(GOOD + line, "utf-8")
    with pytest.raises(TaxonomyError, match="the taxonomy cannot be used") as caught:
        load(file)
    assert fault in str(caught.value)


def test_another_byte_is_another_edition(tmp_path):
    file = tmp_path / "taxonomy.toml"
    file.write_text(GOOD, "utf-8")
    before = load(file).edition
    file.write_text(GOOD.replace('"dog"', '"dog, puppy"', 1), "utf-8")
    assert load(file).edition != before


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=80))
def test_the_words_as_written_come_first(text):
    """So that "die See" is the sea, before "See" alone is a lake."""
    assert candidates(text)[:1] in ([], [normalise(text)])
