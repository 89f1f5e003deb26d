"""What of a drawing one is asked to find: the same when teaching and testing."""

from home_media_pipelines.sample.scenes import Scene, SceneObject

LEAST_SIDE = 0.04
"""A thing counts when its visible box's short side is so much of the picture's."""

LEAST_AREA = 0.0015
"""And when it shows so much of the picture's area: slivers behind others do not."""


def countable(scene: Scene) -> list[SceneObject]:
    """The things of a scene one can fairly be asked to find.

    A drawing does not say what of a thing is hidden; `draw` looks for places where
    things hide little of each other, so most of each is seen.
    """
    width, height = scene.image.size
    short = LEAST_SIDE * min(width, height)
    return [
        thing
        for thing in scene.objects
        if min(thing.box[2] * width, thing.box[3] * height) >= short
        and thing.mask.mean() >= LEAST_AREA
    ]
