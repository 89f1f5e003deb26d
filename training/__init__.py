"""Trains the tiny networks on drawings; see script/train-tiny."""
