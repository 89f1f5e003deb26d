"""Every statement the API runs; it sees schema `gallery` and nothing else."""
