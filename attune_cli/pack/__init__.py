"""A pack on disk: what it is, where it lies, how it is read. Nothing here starts a process."""
