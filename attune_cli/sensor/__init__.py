"""A sensor's local world: an Attune API on the loopback, the sensor's process, and the events it creates.

What is where, from the outside in; what stands further down knows nothing of what stands above it.

One run:
    world         the run from its first moment to its last: `run_sensor`, and who does what in it
    told          who is told of it while it goes on: a protocol that `cli` fulfils
    preparation   what was asked for, and everything that is known before anything starts
    rules         the active rules: from files, made on the spot, from examples
    environment   what the sensor finds in its environment
    masking       everything without its secrets, before anybody sees it
    files, logs   what is written on request; what the sensor prints, kept in bounds
    journal       what has come of it so far;  outcome  how it went in the end;  document  that as JSON

The process:
    supervisor    started, restarted, stopped;  backoff  how long to wait;  meter  how much it uses

From an event to actions:
    reactions     events wait here for a free worker, which starts the action of each rule they meet
    conditions    does the event meet the rule?  expression  the little language that asks so
    templates     `{{ event.payload.x }}`

The API (`action_api` is the one behind `attune run action --api`):
    api           all of it, as a context manager;  model  the values it takes and gives
    server        uvicorn in a thread;  routes  paths;  guard, tokens  who may call;  http  requests, answers
    calls         what each call does;  bodies  JSON as strictly as the platform reads it;  records  its answers
    events        from a body to an `Event`;  event_rules  what can be wrong with one
    keys          the store;  key_files  what it is filled from;  key_state  `--state`;  open_keys  all three
"""
