"""The contracts: event classes, one module a source, and the JSON Schemas generated from them."""
