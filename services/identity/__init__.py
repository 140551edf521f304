"""Identity: who the shoppers are, their profiles and addresses, and the right to be forgotten."""
