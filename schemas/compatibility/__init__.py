"""Judges changes of contracts: who breaks, where publishers are closed and consumers are open."""
