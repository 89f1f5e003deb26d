"""Our own speed against peers and limits, as ratios measured in one run."""
