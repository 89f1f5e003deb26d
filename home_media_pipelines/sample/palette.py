"""The colours things come in, by the word a caption uses."""

from home_media_pipelines.sample.paint import Colour

PAINT: dict[str, Colour] = {
    "red": (208, 52, 48),
    "blue": (52, 98, 188),
    "green": (62, 146, 84),
    "yellow": (240, 194, 60),
    "orange": (236, 132, 52),
    "purple": (132, 84, 172),
    "white": (240, 238, 232),
    "pink": (232, 128, 158),
}
FUR: dict[str, Colour] = {
    "brown": (146, 94, 54),
    "black": (58, 54, 60),
    "white": (240, 234, 224),
    "golden": (218, 164, 88),
    "grey": (146, 146, 154),
}
CAT_FUR: dict[str, Colour] = {
    "orange": (230, 148, 70),
    "grey": (142, 144, 156),
    "black": (54, 52, 60),
    "white": (242, 238, 230),
}
LEAVES: dict[str, Colour] = {
    "green": (74, 140, 70),
    "dark green": (44, 104, 72),
    "golden": (226, 168, 56),
    "red": (190, 84, 50),
}
SKIN: tuple[Colour, ...] = (
    (248, 214, 184),
    (232, 184, 146),
    (190, 134, 96),
    (152, 104, 74),
)
HAIR: tuple[Colour, ...] = (
    (62, 44, 36),
    (128, 80, 44),
    (222, 178, 96),
    (176, 82, 44),
    (188, 184, 184),
)
DARK: Colour = (44, 44, 52)
GLASS: Colour = (176, 214, 232)
WOOD: Colour = (134, 92, 58)
STEEL: Colour = (200, 204, 210)
