"""Payment: charges cards at Stripe and refunds them, each once, and publishes both."""
