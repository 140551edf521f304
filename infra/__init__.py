"""What runs the services: constructs, one stack a service, the stages, the local runner, the command line."""
