"""Decoders: every format, every orientation, every kind of damage."""

import io
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pillow_heif
import pytest
import pyvips
from PIL import Image, ImageOps

from home_media_pipelines.core.errors import DecodeError
from home_media_pipelines.core.pictures.decode.heif_boxes import read_boxes
from home_media_pipelines.core.pictures.render import Rendered, render
from tests.core.drawings import difference, draw, noise

pillow_heif.register_heif_opener()  # so that Pillow can write it


def shown(rendered: Rendered) -> Image.Image:
    return Image.open(io.BytesIO(rendered.jpegs[max(rendered.jpegs)]))


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


@pytest.mark.parametrize(
    ("name", "format", "options"),
    [
        ("a.jpg", "jpeg", {"quality": 95}),
        ("progressive.jpg", "jpeg", {"progressive": True}),
        ("a.png", "png", {}),
        ("a.webp", "webp", {"quality": 95}),
        ("lossless.webp", "webp", {"lossless": True}),
        ("a.gif", "gif", {}),
        ("a.tif", "tiff", {}),
        ("lzw.tif", "tiff", {"compression": "tiff_lzw"}),
        ("jpeg.tif", "tiff", {"compression": "jpeg"}),
        ("a.bmp", "bmp", {}),
        ("a.heic", "heic", {"quality": 90}),
        ("a.avif", "avif", {"quality": 90}),
    ],
)
def test_each_format_shows_the_picture(tmp_path, name, format, options):
    picture = draw()
    picture.save(tmp_path / name, **options)
    rendered = render(tmp_path / name, format)
    assert (rendered.width, rendered.height) == picture.size
    assert rendered.warning is None
    assert difference(shown(rendered), picture) < 6


def test_a_jpeg_xl_shows_the_picture():
    """Drawn once and kept: its encoder is not ours to test, and can take us down."""
    rendered = render(Path(__file__).with_name("drawing.jxl"), "jxl")
    assert (rendered.width, rendered.height) == draw().size
    assert difference(shown(rendered), draw()) < 6


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK", "F"])
def test_each_pixel_mode_shows_the_picture(tmp_path, mode):
    if mode == "I;16":
        grey = np.asarray(draw().convert("L")).astype(np.uint16) * 257
        picture = Image.fromarray(grey)
    else:
        picture = draw().convert("RGB").convert(mode)
    picture.save(tmp_path / "a.tif")
    rendered = render(tmp_path / "a.tif", "tiff")
    expected = draw()
    if mode in {"1", "L", "LA", "I;16", "F"}:
        expected = expected.convert("L")
    if mode == "F":  # a range of its own
        expected = ImageOps.autocontrast(expected)
    limit = {"CMYK": 30, "P": 20, "F": 30, "1": 20}.get(mode, 6)
    assert difference(shown(rendered), expected) < limit


def test_a_16_bit_colour_png_keeps_its_brightness(tmp_path):
    pixels = np.asarray(draw()).astype(np.uint16) * 257
    image = pyvips.Image.new_from_array(pixels, interpretation="rgb16")
    image.pngsave(str(tmp_path / "a.png"))
    assert difference(shown(render(tmp_path / "a.png", "png")), draw()) < 6


def test_a_cmyk_jpeg_is_not_shown_as_a_negative(tmp_path):
    draw().convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    assert difference(shown(render(tmp_path / "a.jpg", "jpeg")), draw()) < 30


def test_a_grey_jpeg_is_grey(tmp_path):
    draw().convert("L").save(tmp_path / "a.jpg", quality=95)
    rendered = render(tmp_path / "a.jpg", "jpeg")
    assert difference(shown(rendered), draw().convert("L")) < 5


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("name", "format"),
    [("a.jpg", "jpeg"), ("a.png", "png"), ("a.webp", "webp"), ("a.tif", "tiff")],
)
def test_every_orientation_comes_upright(tmp_path, name, format, orientation):
    stored = draw()
    stored.save(tmp_path / name, exif=exif(orientation))
    with Image.open(tmp_path / name) as picture:
        expected = ImageOps.exif_transpose(picture)
    for given in (None, orientation):
        rendered = render(tmp_path / name, format, given)
        assert (rendered.width, rendered.height) == expected.size
        assert difference(shown(rendered), expected) < 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_avif_is_turned_by_itself_and_not_a_second_time(tmp_path, orientation):
    draw().save(tmp_path / "a.avif", exif=exif(orientation))
    expected = ImageOps.exif_transpose(_tagged(draw(), orientation))
    for given in (None, orientation):
        rendered = render(tmp_path / "a.avif", "avif", given)
        assert difference(shown(rendered), expected) < 6


def _tagged(picture: Image.Image, orientation: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", exif=exif(orientation))
    return Image.open(buffer)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_without_irot_is_turned_by_exif(tmp_path, orientation):
    """Older iPhones write only EXIF; libheif leaves that to us."""
    draw().save(tmp_path / "a.heic", exif=exif(orientation), quality=90)
    expected = ImageOps.exif_transpose(_tagged(draw(), orientation))
    assert not read_boxes((tmp_path / "a.heic").read_bytes()).turned
    for given in (None, orientation):
        rendered = render(tmp_path / "a.heic", "heic", given)
        assert (rendered.width, rendered.height) == expected.size
        assert difference(shown(rendered), expected) < 6


def box(kind: bytes, *payload: bytes) -> bytes:
    data = b"".join(payload)
    return (len(data) + 8).to_bytes(4, "big") + kind + data


@pytest.mark.parametrize(("item", "turned"), [(1, True), (2, False)])
def test_only_a_turn_of_the_primary_item_counts(item, turned):
    """Thumbnails and tiles in the file have turns of their own."""
    primary = box(b"pitm", bytes(4), (1).to_bytes(2, "big"))
    properties = box(b"ipco", box(b"ispe", bytes(12)), box(b"irot", b"\1"))
    one_entry = bytes(4) + (1).to_bytes(4, "big") + item.to_bytes(2, "big")
    links = box(b"ipma", one_entry, b"\2\1\x82")
    meta = box(b"meta", bytes(4), primary, box(b"iprp", properties, links))
    assert read_boxes(box(b"ftyp", b"heic") + meta).turned == turned


@pytest.mark.parametrize("data", [b"", b"\0" * 64, b"\0\0\0\x0cmeta" + b"\xff" * 99])
def test_nonsense_boxes_are_no_turn(data):
    assert not read_boxes(data).turned


@pytest.mark.parametrize(("name", "format"), [("a.gif", "gif"), ("a.webp", "webp")])
def test_an_animation_shows_its_first_frame(tmp_path, name, format):
    first, second = draw(300, 200), Image.new("RGB", (300, 200), (0, 0, 0))
    first.save(tmp_path / name, save_all=True, append_images=[second] * 5, duration=50)
    rendered = render(tmp_path / name, format)
    assert (rendered.width, rendered.height) == (300, 200)
    assert difference(shown(rendered), first) < 8


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.jpg", "jpeg"), ("a.png", "png"), ("a.tif", "tiff"), ("a.heic", "heic")],
)
def test_a_truncated_file_is_shown_in_part_with_a_warning_or_refused(
    tmp_path, name, format
):
    noise(700, 500).save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) * 2 // 3])
    if format == "heic":  # its decoder wants all of the coded picture
        with pytest.raises(DecodeError):
            render(tmp_path / name, format)
        return
    rendered = render(tmp_path / name, format)
    assert "damaged" in (rendered.warning or "")
    assert (rendered.width, rendered.height) == (700, 500)


def test_a_jpeg_that_ends_in_its_header_is_refused_in_words(tmp_path):
    """The reason is shown to people, so it is no `KeyError: -1`."""
    path = tmp_path / "header.jpg"
    draw().save(whole := io.BytesIO(), "JPEG")
    path.write_bytes(whole.getvalue()[:120])
    with pytest.raises(DecodeError, match="JPEG"):
        render(path, "jpeg", None)


def test_a_refused_video_does_not_tell_where_it_lies(tmp_path):
    """Whoever may see the gallery need not know the paths of the server."""
    path = tmp_path / "cut.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(200))
    with pytest.raises(DecodeError) as refused:
        render(path, "mp4", None)
    assert refused.value.reason
    assert str(tmp_path) not in refused.value.reason


def test_half_a_jpeg_shows_its_upper_half(tmp_path):
    picture = noise(1600, 1200)
    picture.save(tmp_path / "a.jpg", quality=90)
    data = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    rendered = render(tmp_path / "a.jpg", "jpeg")
    assert rendered.warning == "damaged: Premature end of JPEG file"
    top = (0, 0, 1600, 400)
    assert difference(shown(rendered).crop(top), picture.crop(top)) < 6


def write_video(
    path: Path, *, black_until: int = 0, codec: str = "mpeg4", frames: int = 40
) -> None:
    """Frames of the drawing, the first ones black."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.bit_rate, stream.time_base = 2_000_000, Fraction(1, 10)
        bright = np.asarray(draw(320, 240))
        for index in range(frames):
            pixels = bright if index >= black_until else np.zeros_like(bright)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


@pytest.mark.parametrize(
    ("name", "format", "codec"),
    [
        ("a.mp4", "mp4", "mpeg4"),
        ("a.mov", "mov", "mjpeg"),
        ("a.avi", "avi", "mpeg4"),
        ("a.mkv", "mkv", "mpeg4"),
        ("a.webm", "webm", "libvpx"),
        ("a.ts", "mts", "mpeg2video"),
    ],
)
def test_each_container_gives_a_poster(tmp_path, name, format, codec):
    try:
        write_video(tmp_path / name, codec=codec)
    except (av.FFmpegError, ValueError) as error:
        pytest.skip(f"this FFmpeg cannot write {codec}: {error}")
    rendered = render(tmp_path / name, format)
    assert (rendered.width, rendered.height) == (320, 240)
    assert difference(shown(rendered), draw(320, 240)) < 15


def test_a_poster_is_not_black_when_a_video_fades_in(tmp_path):
    write_video(tmp_path / "a.mp4", black_until=15)
    rendered = render(tmp_path / "a.mp4", "mp4")
    assert difference(shown(rendered), draw(320, 240)) < 15


def test_a_poster_is_turned_by_the_display_matrix(tmp_path):
    """A phone held upright films lying frames and notes a quarter turn."""
    write_video(tmp_path / "a.mp4")
    data = (tmp_path / "a.mp4").read_bytes()
    plain = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    turned = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    at = data.rfind(plain)  # that of the track; the first is the movie's
    (tmp_path / "a.mp4").write_bytes(data[:at] + turned + data[at + len(plain) :])
    rendered = render(tmp_path / "a.mp4", "mp4")
    assert (rendered.width, rendered.height) == (240, 320)
    expected = draw(320, 240).transpose(Image.Transpose.ROTATE_270)
    assert difference(shown(rendered), expected) < 15


def test_a_playlist_in_a_videos_clothes_opens_nothing_else(tmp_path):
    write_video(tmp_path / "secret.mp4")
    for text in (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{tmp_path}/secret.mp4\n",
        f"ffconcat version 1.0\nfile {tmp_path}/secret.mp4\n",
    ):
        (tmp_path / "a.mp4").write_text(text)
        with pytest.raises(DecodeError):
            render(tmp_path / "a.mp4", "mp4")
