"""What an image shows, by the tree: from detections, thresholds and keywords."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from home_media_pipelines.core.taxonomy.tree import Taxon, shipped
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.taxonomy import taxa, taxonomy_links
from home_media_pipelines.db.tables.taxonomy.taxonomy_links import LinkCounts
from home_media_pipelines.db.tables.vision import analyses, producers
from tests.builders import add_image, content, image_of
from tests.db.seen import add_detections, maker

BEACH = "photos/beach"


@pytest.fixture
def detector(conn):
    """A producer of detections that is read."""
    return producers.register(conn, maker("detections"))


def linker(conn, detections, version="1"):
    """A producer of links that is read."""
    return read(conn, maker("taxonomy_links", version, detections=detections))


def read(conn, linker):
    taxonomy_links.take_over(conn, producers.register(conn, linker))
    return producers.activate(conn, linker)


def relink(conn, detections=None, *, version="1", vocabulary="coco80", folder=BEACH):
    return taxonomy_links.relink(
        conn,
        folder,
        producer_id=linker(conn, detections, version),
        detections=detections,
        vocabulary=vocabulary,
        threshold=0.35,
    )


def links(conn, columns="taxon::text, source, keyword, score"):
    """What is read of the links, in order."""
    query = f"select {columns} from gallery.taxonomy_links order by 1, 2"
    return conn.execute(query).fetchall()


def taxa_of(conn, path):
    rows = conn.execute(
        "select taxon::text from gallery.taxonomy_links where image_id = %s order by 1",
        [image_of(conn, path)],
    )
    return [taxon for (taxon,) in rows]


def done(conn):
    """The contents that count as linked by who is read."""
    return conn.execute(
        """
        select n.content_id, n.count from analyses n
          join active_producers a using (asset, producer_id)
         where asset = 'taxonomy_links' order by 2, 1
        """
    ).fetchall()


def test_a_detection_is_what_its_label_means(conn, detector):
    add_image(conn, "beach/a.jpg")
    found = {content("beach/a.jpg"): ["truck", "dog"]}
    add_detections(conn, detector, found, score=0.5)

    assert relink(conn, detector) == LinkCounts(links=2, added=2, removed=0)

    assert links(conn) == [
        ("animal.mammal.dog", "detection", None, 0.5),
        ("vehicle.truck", "detection", None, 0.5),
    ]
    rows = conn.execute(
        """
        select l.taxon::text, d.label
          from gallery.taxonomy_links l join gallery.detections d using (detection_id)
         order by 1
        """
    )
    assert rows.fetchall() == [("animal.mammal.dog", "dog"), ("vehicle.truck", "truck")]


def test_the_same_word_means_another_thing_in_another_vocabulary(conn, detector):
    """Mouse is what COCO calls the thing beside a keyboard."""
    add_image(conn, "beach/a.jpg")
    add_detections(conn, detector, {content("beach/a.jpg"): ["mouse", "Mouse"]})
    relink(conn, detector, vocabulary="objects365")
    assert len(links(conn)) == 1
    relink(conn, detector, vocabulary=None)
    assert links(conn) == []


@pytest.mark.parametrize(
    ("label", "score", "linked"),
    [("dog", 0.34, 0), ("dog", 0.36, 1), ("bear", 0.45, 0), ("bear", 0.55, 1)],
)
def test_a_score_counts_from_the_threshold_of_its_taxon(
    conn, detector, label, score, linked
):
    """What is rare in a family album must be surer."""
    add_image(conn, "beach/a.jpg")
    add_detections(conn, detector, {content("beach/a.jpg"): [label]}, score=score)
    assert relink(conn, detector).links == linked


def test_a_threshold_holds_below_its_taxon_until_another_is_nearer(conn, detector):
    add_image(conn, "beach/a.jpg")
    add_detections(conn, detector, {content("beach/a.jpg"): ["dog", "cat"]}, score=0.5)
    conn.execute("update taxa set threshold = 0.6 where taxon = 'animal'")
    conn.execute("update taxa set threshold = 0.4 where taxon = 'animal.mammal.cat'")

    relink(conn, detector)

    assert taxa_of(conn, "beach/a.jpg") == ["animal.mammal.cat"]


def test_keywords_in_both_languages_mean_taxa(conn):
    """Without any network at all."""
    add_image(conn, "beach/a.jpg", keywords=["Hunde", "LKW", "Sommer 2019"])
    relink(conn)
    assert links(conn) == [
        ("animal.mammal.dog", "keyword", "Hunde", None),
        ("vehicle.truck", "keyword", "LKW", None),
    ]


def test_the_deepest_level_that_means_something_counts(conn):
    """Pets|Dogs|Zoey says dog; that dogs are animals needs no link."""
    add_image(
        conn,
        "beach/a.jpg",
        keywords=["Zoey"],
        keyword_paths=["Animals|Dogs|Zoey", "Trips|North"],
    )
    relink(conn)
    assert links(conn, "taxon::text, keyword") == [
        ("animal.mammal.dog", "Dogs"),
        ("event.trip", "Trips"),
    ]


def test_a_girl_called_lily_is_no_flower(conn):
    """Programs write faces as keywords: below People, or with a region."""
    add_image(conn, "beach/a.jpg", keywords=["Lily"], keyword_paths=["Personen|Lily"])
    relink(conn)
    assert taxa_of(conn, "beach/a.jpg") == ["person"]

    face = '[{"name": "Lily Miller", "x": 0, "y": 0, "width": 1, "height": 1}]'
    conn.execute("update images set keyword_paths = '{}', people = %s::jsonb", [face])
    relink(conn)
    assert taxa_of(conn, "beach/a.jpg") == []

    conn.execute("update images set people = '[]'")
    relink(conn)
    assert taxa_of(conn, "beach/a.jpg") == ["plant.flower.lily"]


def test_what_a_person_said_replaces_the_keywords_of_the_file(conn):
    image = add_image(
        conn, "beach/a.jpg", keywords=["dog"], keyword_paths=["Animals|dog"]
    )
    relink(conn)
    conn.execute(
        """
        insert into curation.events (image_id, field, value, said_by)
        values (%s, 'keywords', '["Katze"]', 'anna')
        """,
        [image],
    )
    assert done(conn) == []

    assert relink(conn) == LinkCounts(links=1, added=1, removed=1)

    assert taxa_of(conn, "beach/a.jpg") == ["animal.mammal.cat"]
    assert done(conn) == [(content("beach/a.jpg"), 1)]


def test_relinking_writes_only_what_differs(conn, detector):
    """Reruns are how we recover: they cost a look."""
    add_image(conn, "beach/a.jpg", keywords=["dog"])
    add_image(conn, "beach/b.jpg")
    add_detections(conn, detector, {content("beach/a.jpg"): ["dog", "car"]})
    relink(conn, detector)
    versions = "select ctid::text from taxonomy_links order by ctid"
    before = conn.execute(versions).fetchall()

    assert relink(conn, detector) == LinkCounts(links=3, added=0, removed=0)
    assert conn.execute(versions).fetchall() == before

    add_detections(conn, detector, {content("beach/b.jpg"): ["boat"]})
    assert relink(conn, detector) == LinkCounts(links=4, added=1, removed=0)


def test_two_workers_on_one_folder_give_one_result(conn, database_url, detector):
    add_image(conn, "beach/a.jpg", keywords=["dog"])
    add_detections(conn, detector, {content("beach/a.jpg"): ["dog", "car"]})
    linker(conn, detector)
    conn.commit()

    def work(_):
        with connect(database_url) as own:
            return relink(own, detector)

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(work, range(4)))

    assert sorted(it.added for it in counts) == [0, 0, 0, 3]
    assert len(links(conn)) == 3


def test_only_the_folder_is_touched(conn, detector):
    for path in ("beach/a.jpg", "snow/a.jpg"):
        add_image(conn, path, path)
        add_detections(conn, detector, {content(path): ["dog"]})
    assert relink(conn, detector, folder="photos/snow").links == 1
    assert taxa_of(conn, "beach/a.jpg") == []


def test_a_content_is_linked_once_its_detections_are_there(conn, detector):
    """Until then its keywords are linked, and status says that it waits."""
    add_image(conn, "beach/a.jpg", keywords=["dog"])
    relink(conn, detector)
    assert (taxa_of(conn, "beach/a.jpg"), done(conn)) == (["animal.mammal.dog"], [])

    add_detections(conn, detector, {content("beach/a.jpg"): []})
    relink(conn, detector)
    assert done(conn) == [(content("beach/a.jpg"), 1)]


def test_looking_again_makes_its_links_wait(conn, detector):
    """The exactness of status: links of detections that are gone are not fresh."""
    add_image(conn, "beach/a.jpg")
    found = {content("beach/a.jpg"): ["dog"]}
    add_detections(conn, detector, found)
    relink(conn, detector)
    analyses.forget(conn, detector, list(found))
    assert done(conn) == []
    add_detections(conn, detector, {content("beach/a.jpg"): ["cat"]})
    relink(conn, detector)
    assert taxa_of(conn, "beach/a.jpg") == ["animal.mammal.cat"]


def test_another_edition_takes_over_what_it_has_not_linked_yet(conn, detector):
    """A gallery whose taxa went blank until every folder was linked would be broken."""
    for path in ("beach/a.jpg", "snow/a.jpg"):
        add_image(conn, path, path)
        add_detections(conn, detector, {content(path): ["dog"]})
        relink(conn, detector, folder=f"photos/{path[:-6]}")

    relink(conn, detector, version="2")

    assert taxa_of(conn, "beach/a.jpg") == ["animal.mammal.dog"]
    assert taxa_of(conn, "snow/a.jpg") == ["animal.mammal.dog"]
    assert done(conn) == [(content("beach/a.jpg"), 1)]


def test_links_can_be_filled_beside_those_that_are_read(conn, detector):
    """So that a switch of detectors switches them too, at once."""
    add_image(conn, "beach/a.jpg")
    add_detections(conn, detector, {content("beach/a.jpg"): ["dog"]})
    relink(conn, detector)
    other = producers.register(conn, maker("detections", "b"))
    add_detections(conn, other, {content("beach/a.jpg"): ["cat"]})
    made = maker("taxonomy_links", detections=other)
    beside = producers.register(conn, made)
    taxonomy_links.relink(
        conn,
        BEACH,
        producer_id=beside,
        detections=other,
        vocabulary="coco80",
        threshold=0.35,
    )
    assert taxa_of(conn, "beach/a.jpg") == ["animal.mammal.dog"]

    read(conn, made)
    assert taxa_of(conn, "beach/a.jpg") == ["animal.mammal.cat"]


def test_labels_that_mean_nothing_are_listed_not_lost(conn, detector):
    add_image(conn, "beach/a.jpg")
    labels = ["dog", "gizmo", "gizmo", "widget"]
    add_detections(conn, detector, {content("beach/a.jpg"): labels})
    found = taxa.unmapped(conn, {"a": "coco80"})
    assert [(it.model, it.label, it.detections) for it in found] == [
        ("a", "gizmo", 2),
        ("a", "widget", 1),
    ]
    assert len(taxa.unmapped(conn, {})) == 3


def test_the_shipped_taxonomy_is_in_every_database(conn):
    assert taxa.is_in(conn, shipped().edition)
    for table, held in (
        ("taxa", shipped().taxa),
        ("taxon_words", shipped().words),
        ("label_taxa", shipped().labels),
    ):
        query = f"select count(*) from {table}"
        assert conn.execute(query).fetchone() == (len(held),)
    names = conn.execute("select names from taxa where taxon = 'vehicle.truck'")
    assert names.fetchone() == ({"en": "Truck", "de": "Lastwagen"},)


def other_edition(**changes):
    """The shipped taxonomy with a taxon more, one word and one label less."""
    known = shipped()
    words = {word: path for word, path in known.words.items() if word != "lorry"}
    labels = {key: path for key, path in known.labels.items() if key[1] != "truck"}
    gone = {"food.dish.curry", "food.dish.soup"}
    kept = {path: it for path, it in known.taxa.items() if path not in gone}
    new = {"vehicle.truck.toy": Taxon("vehicle.truck.toy", {"en": "T", "de": "T"}, 0.9)}
    return replace(
        known,
        edition="2-other",
        taxa=kept | new,
        words={w: p for w, p in words.items() if p not in gone}
        | {"toy truck": "vehicle.truck.toy"},
        labels=labels,
    )


def test_another_edition_replaces_what_was_shipped(conn):
    assert taxa.bring_in(conn, other_edition())
    assert not taxa.bring_in(conn, other_edition())
    meant = taxa.meanings(conn, ["toy trucks", "lorry", "curry", "trucks"])
    assert meant == [("toy trucks", "vehicle.truck.toy"), ("trucks", "vehicle.truck")]
    assert conn.execute(
        "select count(*) from label_taxa where label = 'truck'"
    ).fetchone() == (0,)


def test_what_people_added_to_the_tree_survives_another_edition(conn):
    """And so does a shipped taxon that holds it."""
    conn.execute(
        """
        insert into taxa (taxon, names, version, source)
        values ('food.dish.curry.grandmas', '{}', '', 'anna'),
               ('vehicle.truck.fridolin', '{}', '', 'anna');
        insert into taxon_words values ('fridolin', 'vehicle.truck.fridolin');
        update label_taxa set taxon = 'vehicle.truck.fridolin' where label = 'car'
        """
    )
    taxa.bring_in(conn, other_edition())
    kept = conn.execute("select taxon::text from taxa where taxon <@ 'food.dish.curry'")
    assert len(kept.fetchall()) == 2
    gone = conn.execute("select count(*) from taxa where taxon = 'food.dish.soup'")
    assert gone.fetchone() == (0,)
    assert taxa.meanings(conn, ["Fridolin"]) == [("Fridolin", "vehicle.truck.fridolin")]
    label = "select taxon::text from label_taxa where label = 'car'"
    assert ("vehicle.truck.fridolin",) in conn.execute(label).fetchall()
