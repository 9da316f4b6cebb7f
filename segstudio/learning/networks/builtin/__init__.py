"""One file per network: its settings. Modules are imported when it is built."""
