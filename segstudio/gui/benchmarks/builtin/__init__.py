"""One file a measurement: a function ``measure`` that is given an empty folder and yields rows."""
