"""What looks after the tests themselves; run by hand and by `.ci/run`."""
