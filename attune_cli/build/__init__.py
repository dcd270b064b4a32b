"""Native sources of a pack made into its executables.

    find sources → choose a recipe for each → build what has changed → check it → put it in place → write it down

`builder.build` does all of it, `lock.read_lock` and `verify.verify` read what was written down. Nothing here prints,
and every compiler is started by `attune_cli.process`.
"""
