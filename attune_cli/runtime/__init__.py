"""Who can start what: the runtimes of this machine and how each starts an entry point.

`local.LocalRuntime` selects the runtime for a `base.Target`; the runtime validates the target,
sets up what it needs (a virtual environment, node_modules) and says how to launch it. Nothing
here runs an action: a `base.Launch` is a value that the execution turns into a process.
"""
