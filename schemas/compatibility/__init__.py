"""Whether a contract may change so: who breaks, publishers being closed and consumers open."""
