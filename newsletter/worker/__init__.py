"""Who sends: `tick(app)` does one round, `local.run(app)` keeps at it in this process.

`worker`, `serve` and `send --wait` share the same round; a fleet will too.
"""
