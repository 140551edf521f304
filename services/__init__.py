"""The bounded contexts: one folder a service, the same file names in each."""
