"""Say what a picture is in EXIF bytes, XMP packets, Takeout JSON."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import piexif


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera nobody can buy; focal lengths in millimetres."""

    make: str
    model: str
    lens: str
    focal: float
    focal_35mm: int


CAMERAS: dict[str, Camera] = {
    "l1": Camera("Larkspur", "Larkspur L1", "Larkspur 35mm F2", 35.0, 35),
    "l2": Camera("Larkspur", "Larkspur L2 Mark II", "Larkspur 24-70mm F4", 48.0, 48),
    "phone": Camera(
        "Kestrel", "Kestrel Phone 4", "Kestrel Phone 4 back 5.1mm", 5.1, 26
    ),
    "old phone": Camera("Kestrel", "Kestrel Mini", "Kestrel Mini back 3.8mm", 3.8, 30),
    "pocket": Camera("Bramble", "Bramble Pocket 200", "4.3-17.2mm F2.8", 6.4, 36),
}


@dataclass(frozen=True, slots=True)
class Region:
    """A face: a name, the middle and the size as fractions of the picture."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Notes:
    """What is known of one picture; every field may be missing."""

    taken: datetime | None = None
    camera: str | None = None
    place: tuple[float, float, float] | None = None
    rating: int | None = None
    title: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    orientation: int = 1
    content_identifier: str | None = None
    regions: tuple[Region, ...] = field(default=())


def _degrees(value: float) -> tuple[tuple[int, int], ...]:
    total = round(abs(value) * 3_600_000)
    degrees, rest = divmod(total, 3_600_000)
    minutes, thousandths = divmod(rest, 60_000)
    return (degrees, 1), (minutes, 1), (thousandths, 1000)


def offset_of(taken: datetime) -> str:
    """Return the UTC offset as EXIF writes it: +02:00."""
    text = taken.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def exif_bytes(notes: Notes, size: tuple[int, int]) -> bytes:
    """Return an EXIF block, header included, for a picture of size in pixels."""
    zeroth: dict[int, object] = {piexif.ImageIFD.Orientation: notes.orientation}
    exif: dict[int, object] = {
        piexif.ExifIFD.ExifVersion: b"0232",
        piexif.ExifIFD.PixelXDimension: size[0],
        piexif.ExifIFD.PixelYDimension: size[1],
    }
    gps: dict[int, object] = {}
    if notes.camera:
        camera = CAMERAS[notes.camera]
        step = (notes.taken.minute * 7 + notes.taken.second) if notes.taken else 0
        zeroth |= {
            piexif.ImageIFD.Make: camera.make,
            piexif.ImageIFD.Model: camera.model,
        }
        exif |= {
            piexif.ExifIFD.LensModel: camera.lens,
            piexif.ExifIFD.FocalLength: (round(camera.focal * 10), 10),
            piexif.ExifIFD.FocalLengthIn35mmFilm: camera.focal_35mm,
            piexif.ExifIFD.ExposureTime: (1, (60, 125, 250, 500, 1000)[step % 5]),
            piexif.ExifIFD.FNumber: ((18, 28, 40, 56, 80)[step % 4], 10),
            piexif.ExifIFD.ISOSpeedRatings: (50, 100, 200, 400, 800)[step % 5],
        }
    if notes.taken:
        stamp = notes.taken.strftime("%Y:%m:%d %H:%M:%S")
        zeroth[piexif.ImageIFD.DateTime] = stamp
        exif |= {
            piexif.ExifIFD.DateTimeOriginal: stamp,
            piexif.ExifIFD.DateTimeDigitized: stamp,
            piexif.ExifIFD.OffsetTime: offset_of(notes.taken),
            piexif.ExifIFD.OffsetTimeOriginal: offset_of(notes.taken),
            piexif.ExifIFD.OffsetTimeDigitized: offset_of(notes.taken),
            piexif.ExifIFD.SubSecTimeOriginal: f"{notes.taken.microsecond // 1000:03d}",
        }
    if notes.place:
        latitude, longitude, altitude = notes.place
        gps = {
            piexif.GPSIFD.GPSVersionID: (2, 3, 0, 0),
            piexif.GPSIFD.GPSLatitudeRef: "N" if latitude >= 0 else "S",
            piexif.GPSIFD.GPSLatitude: _degrees(latitude),
            piexif.GPSIFD.GPSLongitudeRef: "E" if longitude >= 0 else "W",
            piexif.GPSIFD.GPSLongitude: _degrees(longitude),
            piexif.GPSIFD.GPSAltitudeRef: int(altitude < 0),
            piexif.GPSIFD.GPSAltitude: (round(abs(altitude) * 10), 10),
        }
    if notes.content_identifier:
        exif[piexif.ExifIFD.MakerNote] = _maker_note(notes.content_identifier)
    dump: bytes = piexif.dump({"0th": zeroth, "Exif": exif, "GPS": gps})
    return dump


def _maker_note(identifier: str) -> bytes:
    """A phone's maker note with the one tag that ties a picture to its motion part."""
    head = b"Apple iOS\0\0\x01MM"
    text = identifier.encode("ascii") + b"\0"
    value_at = len(head) + 2 + 12 + 4
    entry = struct.pack(">HHII", 0x0011, 2, len(text), value_at)
    return head + struct.pack(">H", 1) + entry + b"\0" * 4 + text


def xmp_packet(notes: Notes, size: tuple[int, int] | None = None) -> bytes:
    """Return an XMP packet: rating, title, description, keywords, faces, date."""
    parts: list[str] = []
    attributes = ""
    if notes.rating is not None:
        attributes += f' xmp:Rating="{notes.rating}"'
    if notes.taken:
        attributes += f" photoshop:DateCreated={quoteattr(notes.taken.isoformat())}"
        attributes += f" exif:DateTimeOriginal={quoteattr(notes.taken.isoformat())}"
    for tag, text in (("title", notes.title), ("description", notes.description)):
        if text:
            parts.append(
                f'<dc:{tag}><rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}'
                f"</rdf:li></rdf:Alt></dc:{tag}>"
            )
    if notes.keywords:
        leaves = dict.fromkeys(word.rpartition("|")[2] for word in notes.keywords)
        parts.append(
            f"<dc:subject><rdf:Bag>{_items(list(leaves))}</rdf:Bag></dc:subject>"
        )
        parts.append(
            f"<lr:hierarchicalSubject><rdf:Bag>{_items(notes.keywords)}</rdf:Bag>"
            "</lr:hierarchicalSubject>"
        )
    if notes.regions and size:
        parts.append(_regions(notes.regions, size))
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about=""'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:exif="http://ns.adobe.com/exif/1.0/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        ' xmlns:lr="http://ns.adobe.com/lightroom/1.0/"'
        ' xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"'
        ' xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"'
        ' xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"'
        f"{attributes}>{''.join(parts)}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()


def _items(words: Sequence[str]) -> str:
    return "".join(f"<rdf:li>{escape(word)}</rdf:li>" for word in words)


def _regions(regions: Sequence[Region], size: tuple[int, int]) -> str:
    faces = "".join(
        f'<rdf:li><rdf:Description mwg-rs:Type="Face"'
        f" mwg-rs:Name={quoteattr(face.name)}>"
        f'<mwg-rs:Area stArea:x="{face.x:.5f}" stArea:y="{face.y:.5f}"'
        f' stArea:w="{face.width:.5f}" stArea:h="{face.height:.5f}"'
        ' stArea:unit="normalized"/></rdf:Description></rdf:li>'
        for face in regions
    )
    return (
        '<mwg-rs:Regions rdf:parseType="Resource">'
        f'<mwg-rs:AppliedToDimensions stDim:w="{size[0]}" stDim:h="{size[1]}"'
        ' stDim:unit="pixel"/>'
        f"<mwg-rs:RegionList><rdf:Bag>{faces}</rdf:Bag></mwg-rs:RegionList>"
        "</mwg-rs:Regions>"
    )


def takeout_json(name: str, notes: Notes) -> bytes:
    """Return the JSON that Google Takeout lays beside a picture called `name`."""
    taken = int(notes.taken.timestamp()) if notes.taken else 0
    latitude, longitude, altitude = notes.place or (0.0, 0.0, 0.0)
    where = {
        "latitude": round(latitude, 6),
        "longitude": round(longitude, 6),
        "altitude": altitude,
        "latitudeSpan": 0.0,
        "longitudeSpan": 0.0,
    }
    said = {
        "title": name,
        "description": notes.description or "",
        "imageViews": "3",
        "creationTime": {"timestamp": str(taken + 86400)},
        "photoTakenTime": {"timestamp": str(taken)},
        "geoData": where,
        "geoDataExif": where,
        "people": [{"name": face.name} for face in notes.regions],
        "url": "",
    }
    return json.dumps(said, indent=2, ensure_ascii=False).encode()


AAE = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
\t<key>adjustmentBaseVersion</key>
\t<integer>0</integer>
\t<key>adjustmentData</key>
\t<data>
\tq1YqSy0qzszPU7IyrAUA
\t</data>
\t<key>adjustmentEditorBundleID</key>
\t<string>com.apple.mobileslideshow</string>
\t<key>adjustmentFormatIdentifier</key>
\t<string>com.apple.photo</string>
\t<key>adjustmentFormatVersion</key>
\t<string>1.5</string>
\t<key>adjustmentTimestamp</key>
\t<date>2023-06-12T10:15:00Z</date>
</dict>
</plist>
"""
