"""Servers that stand in for what the emulator lacks: Stripe, Bedrock, an OpenSearch node."""
