"""New packs: templates (`templates/`, by runtime), what fills them, and their way onto the disk.

In a template `@word@` stands for a word; its name ends in `.in`, so that no tool takes it for what it
becomes.
"""
