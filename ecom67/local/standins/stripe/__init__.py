"""Local stand-in for Stripe: the payment API, its test cards, 3-D Secure and signed webhooks, on 127.0.0.1 only."""
