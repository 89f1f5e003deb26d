"""What `dagster.yaml` names: how this instance keeps its records."""
