"""How results look: the only floor, with the commands above it, that prints."""
