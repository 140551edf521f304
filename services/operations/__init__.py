"""Operations: whether the records of all services agree, and what staff sees of events."""
