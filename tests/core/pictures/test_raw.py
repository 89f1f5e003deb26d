"""RAW files: what size a photograph has when its sensor data are developed."""

import io

import numpy as np
from PIL import Image

from home_media_pipelines.core.pictures.render import render
from home_media_pipelines.sample.dng import RawFacts, encode_dng
from tests.core.drawings import difference, draw


def test_a_raw_without_a_preview_has_the_size_of_its_sensor(tmp_path):
    """It is developed at half size, which is nobody's business but the decoder's."""
    picture = draw(800, 600)
    facts = RawFacts("Maker", "Model", "2024:05:01 12:00:00", "+02:00")
    (tmp_path / "a.dng").write_bytes(encode_dng(np.asarray(picture), facts))
    rendered = render(tmp_path / "a.dng", "dng")
    assert (rendered.width, rendered.height) == (800, 600)
    shown = Image.open(io.BytesIO(rendered.jpegs[max(rendered.jpegs)]))
    assert max(shown.size) == 800
    assert difference(shown, picture) < 40
