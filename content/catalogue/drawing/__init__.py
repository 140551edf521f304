"""The vocabulary of shapes that the catalogue's pictures are drawn with."""
