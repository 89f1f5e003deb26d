"""Colours by code points: pictures and videos coded in HDR look like their SDR twin."""

import io
import zlib
from fractions import Fraction

import av
import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from home_media_pipelines.core.pictures.decode.cicp import (
    HLG,
    PQ,
    Cicp,
    to_srgb_pixels,
)
from home_media_pipelines.core.pictures.decode.heif_boxes import read_boxes
from home_media_pipelines.core.pictures.decode.icc import cicp_of_profile
from home_media_pipelines.core.pictures.render import render
from tests.core.drawings import difference, draw

LIKE = 5
"""Mean difference of 255 within which two codings show the same picture."""

TO_BT2020 = np.array(
    [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
)
"""Linear sRGB to linear BT.2020, ITU-R BT.2087."""


def coded(picture: Image.Image, transfer: int) -> np.ndarray:
    """The picture as BT.2020 in PQ or HLG, sRGB's white as reference white, 0–1."""
    srgb = np.asarray(picture.convert("RGB"), float) / 255
    light = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    light = light @ TO_BT2020.T
    if transfer == PQ:
        power = (light * 203 / 10_000) ** 0.1593017578125
        return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    scene = light * 0.26496256
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    upper = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), upper)


def shown(path, format):
    rendered = render(path, format)
    return Image.open(io.BytesIO(rendered.jpegs[max(rendered.jpegs)]))


def with_code_points(data: bytes, primaries: int, transfer: int) -> bytes:
    """A HEIC or AVIF file whose `nclx` box says this."""
    at = data.index(b"nclx") + 4
    said = primaries.to_bytes(2, "big") + transfer.to_bytes(2, "big")
    return data[:at] + said + data[at + 4 :]


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_a_heic_in_hdr_looks_like_its_sdr_twin(tmp_path, transfer):
    picture = draw(320, 240)
    samples = (coded(picture, transfer) * 65535).astype(np.uint16)
    image = pillow_heif.from_bytes("RGB;16", (320, 240), samples.tobytes())
    buffer = io.BytesIO()
    image.save(buffer, quality=95, color_primaries=9, transfer_characteristics=transfer)
    path = tmp_path / "a.heic"
    path.write_bytes(with_code_points(buffer.getvalue(), 9, transfer))
    assert read_boxes(path.read_bytes()).cicp == Cicp(9, transfer)
    assert difference(shown(path, "heic"), picture) < LIKE


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_an_avif_in_hdr_looks_like_its_sdr_twin(tmp_path, transfer):
    picture = draw(320, 240)
    samples = Image.fromarray(np.rint(coded(picture, transfer) * 255).astype(np.uint8))
    buffer = io.BytesIO()
    samples.save(buffer, "AVIF", quality=95)
    path = tmp_path / "a.avif"
    path.write_bytes(with_code_points(buffer.getvalue(), 9, transfer))
    assert difference(shown(path, "avif"), picture) < LIKE


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_a_png_that_names_its_code_points_is_believed(tmp_path, transfer):
    picture = draw(320, 240)
    buffer = io.BytesIO()
    Image.fromarray(np.rint(coded(picture, transfer) * 255).astype(np.uint8)).save(
        buffer, "PNG"
    )
    data = buffer.getvalue()
    chunk = b"cICP" + bytes((9, transfer, 0, 1))
    chunk = b"\0\0\0\4" + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    (tmp_path / "a.png").write_bytes(data[:33] + chunk + data[33:])
    assert difference(shown(tmp_path / "a.png", "png"), picture) < LIKE


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_posters_and_key_frames_of_hdr_videos_are_toned(tmp_path, transfer):
    from home_media_pipelines.core.pictures.decode.picture import Request
    from home_media_pipelines.core.pictures.decode.video_frames import decode_frames
    from home_media_pipelines.core.pictures.render import render_picture

    picture, path = draw(320, 240), tmp_path / "a.mp4"
    samples = (coded(picture, transfer) * 65535).astype(np.uint16)
    with av.open(path, "w") as container:
        stream = container.add_stream("libx265", rate=5)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p10le"
        stream.options = {"x265-params": "log-level=none"}
        context = stream.codec_context
        context.color_primaries = context.colorspace = 9
        context.color_trc, context.color_range = transfer, 1
        context.time_base = Fraction(1, 5)
        for _ in range(5):
            rgb = av.VideoFrame.from_ndarray(samples, format="rgb48le")
            frame = rgb.reformat(format="yuv420p10le", dst_colorspace=9)
            frame.color_primaries, frame.color_trc = 9, transfer
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    assert difference(shown(path, "mp4"), picture) < LIKE
    for _, frame in decode_frames(Request(path, "mp4"), 4):
        jpeg = render_picture(frame, [512]).jpegs[512]
        assert difference(Image.open(io.BytesIO(jpeg)), picture) < LIKE


def test_display_p3_without_a_profile_is_not_shown_as_srgb(tmp_path):
    """Code points alone say P3: the same numbers are a stronger red."""
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64), (200, 60, 60))).save(
        buffer, quality=95
    )
    (tmp_path / "a.heic").write_bytes(with_code_points(buffer.getvalue(), 12, 13))
    red, green, _ = shown(tmp_path / "a.heic", "heic").getpixel((32, 32))
    assert red > 210
    assert green < 55


def test_highlights_keep_their_order_and_their_hue():
    """Reference white is not the end: what is brighter stays brighter, up to white."""
    steps = np.linspace(0.4, 0.75, 200)
    ramp = np.repeat((steps * 65535).astype(np.uint16)[None, :, None], 3, axis=2)
    grey = to_srgb_pixels(ramp, Cicp(9, PQ))[0]
    assert (np.diff(grey[:, 0].astype(int)) >= 0).all()
    assert grey[-1].tolist() == [255, 255, 255]
    assert (grey.max(axis=1) - grey.min(axis=1) <= 1).all()


@given(st.binary(max_size=400))
def test_nonsense_profiles_name_no_code_points(profile):
    found = cicp_of_profile(profile)
    assert found is None or 0 <= found.transfer <= 255


def test_a_profile_may_name_code_points():
    """As JPEG XL's do for PQ and HLG."""
    profile = bytearray(
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )
    assert cicp_of_profile(bytes(profile)) is None
    start = len(profile)
    profile += b"cicp\0\0\0\0" + bytes((9, PQ, 0, 1))
    profile[132:144] = b"cicp" + start.to_bytes(4, "big") + (12).to_bytes(4, "big")
    assert cicp_of_profile(bytes(profile)) == Cicp(9, PQ)
