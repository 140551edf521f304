"""Shared by all command groups: errors, options, progress, paths, stage names and parameters."""
