"""The published description of the HTTP API: one OpenAPI document, generated from the routes of all services."""
