"""Invoices and credit notes of orders."""
