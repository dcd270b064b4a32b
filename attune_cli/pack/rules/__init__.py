"""What is checked of a pack beyond its schemas: a rule, or a small family of rules, in each module here.

A module has:

    RULE = Rule(code="ATN031", ...)     its rule; a family has RULES = (Rule(...), Rule(...)) in its place
    KINDS = ("action", "sensor")        the kinds of components it looks at, with
    def check(tree: PackTree, component: Component) -> Iterator[Diagnostic]: ...

or, for what only the pack as a whole can show,

    def check_pack(tree: PackTree) -> Iterator[Diagnostic]: ...

or both. What every rule may rely on, and what is relied on from it:

- `component.root` is a mapping: files that hold none are not shown to `check` (`check_pack` sees them all,
  with `root` None). A document with errors may be incomplete: such files have their errors already, and are
  not shown to `check` either.
- A finding's path is `component.shown`; `component.finding(RULE, node, message, help)` makes one.
- Nothing is printed, started, written or remembered between two calls. Files of the pack may be looked at;
  what lies outside of it may change without the pack changing, and results are kept: a module that looks
  there has a function `outside() -> str` whose answer changes when what it sees there does.
- The order of findings does not matter. A finding is made once.
- A component without fault costs a few microseconds a rule: 250 for a file is what all of this may take.
- Rules never raise for what a file holds.

`all.py` names the modules one by one; nothing is found by looking into the folder.
"""
