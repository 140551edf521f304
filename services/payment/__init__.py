"""Payment: charges cards at Stripe and gives money back, each once; tells the shop of both."""
