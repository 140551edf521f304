"""The local stage: runner and stand-ins that replace what AWS does not emulate."""
