"""The pictures of the example site, drawn with code so that they belong to nobody else."""
