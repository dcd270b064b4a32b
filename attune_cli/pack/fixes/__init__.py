"""What can be put right without asking: one kind of repair in each module."""
