"""The local stage: the whole shop on this machine, on an AWS emulator and stand-ins for Stripe and Bedrock."""
