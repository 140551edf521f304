"""The audit: compares what the services of a stage hold of each order, with each other and with Stripe."""
