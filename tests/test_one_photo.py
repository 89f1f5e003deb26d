"""The story of one photo, from the NAS to the gallery: `docs/one-photo.md`, walked."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from home_media_api.app import create_app
from home_media_api.settings import Settings
from home_media_pipelines.core.pictures.thumbnail_paths import SIZES
from home_media_pipelines.db.admin.roles import ensure_api_role
from home_media_pipelines.db.connect import connect
from home_media_pipelines.db.tables.inventory.libraries import add
from home_media_pipelines.defs.ingest.link_job import link_config
from home_media_pipelines.defs.resources import Database, Disks, Networks
from home_media_pipelines.sample.dng import RawFacts, encode_dng
from home_media_pipelines.sample.scenes import Figure, Scene, draw

pytestmark = pytest.mark.xdist_group("models")

FOLDER = "photos/2024/beach"
CAMERA = RawFacts("Nikon", "Z 6", "2024:07:14 18:30:05", "+02:00")
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"
    xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:subject><rdf:Bag><rdf:li>Zoey</rdf:li></rdf:Bag></dc:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""

TINY = Networks(profile="tiny", weights="/nowhere", device="cpu", readers=1)

OPENED: list[str] = []
WATCHED: list[str] = []


def listen(event: str, arguments: tuple[object, ...]) -> None:
    """Note every file that Python opens below a watched directory."""
    if event == "open" and WATCHED and str(arguments[0]).startswith(WATCHED[0]):
        OPENED.append(str(arguments[0]))


sys.addaudithook(listen)


@pytest.fixture
def nas(tmp_path: Path) -> Iterator[Path]:
    """The root of the library `photos`, watched."""
    root = tmp_path / "nas" / "photos"
    root.mkdir(parents=True)
    WATCHED.append(str(root))
    yield root
    WATCHED.clear()
    OPENED.clear()


@pytest.fixture
def graph(database_url, tmp_path, monkeypatch) -> dg.Definitions:
    monkeypatch.setenv("HOME_MEDIA_DATABASE_URL", database_url)
    monkeypatch.setenv("HOME_MEDIA_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("HOME_MEDIA_DEBOUNCE", "0")
    monkeypatch.setenv("HOME_MEDIA_MODELS", "tiny")
    from home_media_pipelines.definitions import defs

    return defs()


def appear(folder: Path) -> Scene:
    """Write one exposure of a dog: raw, JPEG and a sidecar."""
    folder.mkdir(parents=True)
    scene = draw(900, "meadow", (1200, 800), cast=(Figure("dog"),))
    picture = scene.image.resize((2400, 1600), Image.Resampling.LANCZOS)
    raw = np.asarray(scene.image.resize((600, 400)))
    (folder / "DSC_0412.dng").write_bytes(encode_dng(raw, CAMERA))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = CAMERA.make, CAMERA.model
    exif.get_ifd(0x8769)[0x9003] = CAMERA.taken
    picture.save(folder / "DSC_0412.JPG", exif=exif, quality=90)
    (folder / "DSC_0412.xmp").write_text(XMP)
    return scene


def test_one_photo_from_the_nas_to_the_gallery(graph, database_url, nas, tmp_path):
    with connect(database_url) as conn:
        add(conn, "photos", nas)
    with dg.DagsterInstance.ephemeral() as instance:

        def tick(sensor: str) -> dg.RunRequest:
            """One look of a sensor, which asks for exactly one run."""
            resources = {
                "database": Database(url=database_url),
                "networks": TINY,
                "disks": Disks(directories={"derived": str(tmp_path)}, reserve=0),
            }
            with dg.build_sensor_context(
                instance=instance, definitions=graph, resources=resources
            ) as context:
                answer = graph.resolve_sensor_def(sensor).evaluate_tick(context)
            for request in answer.dynamic_partitions_requests or []:
                instance.add_dynamic_partitions("folder", request.partition_keys)
            (asked,) = answer.run_requests
            return asked

        def run(request: dg.RunRequest, job: str) -> dg.ExecuteInProcessResult:
            return graph.resolve_job_def(request.job_name or job).execute_in_process(
                instance=instance, tags=request.tags, run_config=request.run_config
            )

        # 1: three files appear. 2 and 3: a stat tells, a partition and a run follow.
        scene = appear(nas / "2024" / "beach")
        OPENED.clear()
        run(tick("nas_watch"), "walk")
        request = tick("folder_changes")
        assert instance.get_dynamic_partitions("folder") == [FOLDER]
        assert [name for name in OPENED if Path(name).is_file()] == []

        # 4 to 7: inventory, metadata, the exposure, its thumbnails.
        done = run(request, "new_folders")
        for asset in ("files", "exif", "images", "thumbnails"):
            (made,) = instance.fetch_materializations(dg.AssetKey(asset), 10).records
            assert made.partition_key == FOLDER
        assert done.success

        # 8 and 9: networks look at the thumbnail, and at nothing on the NAS.
        pytest.importorskip("torch")
        OPENED.clear()
        request = tick("vision_backlog")
        assert run(request, "vision_job").success
        assert OPENED == []

        # 10: what needs no graphics card follows, in a run of its own.
        linking = dg.RunRequest(run_config=link_config([FOLDER]))
        assert run(linking, "link_folders").success
        for asset in ("detections", "masks", "embeddings", "taxonomy_links"):
            made, *_ = instance.fetch_materializations(dg.AssetKey(asset), 10).records
            assert made.partition_key == FOLDER

    with connect(database_url) as conn:
        files = conn.execute("select name, role from files order by name").fetchall()
    assert files == [
        ("DSC_0412.JPG", "picture"),
        ("DSC_0412.dng", "raw"),
        ("DSC_0412.xmp", "sidecar"),
    ]

    # 11 and 12: the API pages it, and says who said what.
    settings = Settings(
        database_url=ensure_api_role(database_url, "secret"),
        derived=tmp_path / "state" / "derived",
        gallery=tmp_path,
    )
    with TestClient(create_app(settings), base_url="http://localhost") as browser:

        def get(path: str) -> dict:
            return browser.get(f"/api{path}").raise_for_status().json()

        ((bucket,), count) = get("/timeline").values()
        assert (bucket["month"], count) == ("2024-07", 1)
        column = get(f"/timeline/{bucket['bucket']}")
        assert column["taken_at"] == ["2024-07-14T18:30:05"]
        assert column["ratio"] == [1.5]
        assert column["thumbhash"] != [None]
        (image_id,) = column["image_id"]
        shown = get(f"/images/{image_id}")
        parts = {it["name"]: it["part"] for it in shown["files"]}
        assert parts == {
            "DSC_0412.JPG": "primary",
            "DSC_0412.dng": "raw",
            "DSC_0412.xmp": "sidecar",
        }
        assert shown["values"]["rating"] == {
            "value": 4,
            "source": "sidecar:DSC_0412.xmp",
        }
        assert shown["values"]["keywords"]["value"] == ["Zoey"]
        assert shown["values"]["model"] == {"value": "Z 6", "source": "embedded"}

        # 13: the gallery loads thumbnails, upright and of the sizes there are.
        assert [it["size"] for it in shown["thumbnails"]] == list(SIZES)
        for it in shown["thumbnails"]:
            picture = Image.open(io.BytesIO(browser.get(it["url"]).content))
            assert max(picture.size) == it["size"]

        # A click draws the mask; words find the picture, by the tree and by meaning.
        (drawn,) = scene.objects
        seen = get(f"/images/{image_id}/detections")
        dogs = [it for it in seen["detections"] if it["label"] == drawn.label]
        assert dogs[0]["taxon"] == "animal.mammal.dog"
        assert dogs[0]["box"] == pytest.approx(drawn.box, abs=0.05)
        png = browser.get(f"/api/masks/{dogs[0]['detection_id']}.png")
        mask = np.asarray(Image.open(io.BytesIO(png.content)).convert("LA"))[..., 1] > 0
        assert mask.shape == (683, 1024)
        assert mask.mean() == pytest.approx(drawn.mask.mean(), rel=0.25)
        found = get("/search?q=Hund")
        assert found["taxon"]["name"] == "Dog"
        assert [it["image_id"] for it in found["likely"]] == [image_id]
        assert found["producer"]["model"] == "tiny-clip"
