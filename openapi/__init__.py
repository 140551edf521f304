"""The published description of the HTTP API: one OpenAPI document, made from the routes of all services."""
