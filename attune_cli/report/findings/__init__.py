"""How findings look: for people, for other programs, for the services that run checks.

Every format lists the same findings in the same order; what they list is decided before.
"""
