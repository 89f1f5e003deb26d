"""What examples are made of."""

from typing import Any

from pydantic import ConfigDict


def example(**values: Any) -> ConfigDict:
    """The configuration of a model whose example is `values`."""
    return ConfigDict(json_schema_extra={"examples": [values]})


IMAGE = "0b9f4a52-6f0e-5d3b-9a36-3f2f6a1c8e10"
FILE = "7d1f2c7e-55a1-5f5b-8a0e-5a8f0f1b2c3d"
CONTENT = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
PRODUCER = "91b3e0c2a4f5d687"
HASH = "1QcSHQRnh493V4dIh4eXh1h4kJUI"
DETECTION = "3c1f8d0e-1b7a-5c55-8f64-0f6b8e1d2a3c"
