"""Programs of others that keep runs, and what they are told of one."""
