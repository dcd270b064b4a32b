"""attune: run, check and seed Attune packs on the author's own machine."""

__version__ = "0.1.0"
