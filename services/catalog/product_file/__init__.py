"""Reads a file of products as shops export it: its characters, separators and amounts, and whose layout it has.

``reader.read_product_file`` is the entry. ``layouts`` says by the columns which module makes products of the records.
"""
