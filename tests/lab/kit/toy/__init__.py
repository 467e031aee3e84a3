"""A lab for tests of the kit, with one setting of every kind."""
