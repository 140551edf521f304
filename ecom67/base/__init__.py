"""What all command groups share: errors, progress, paths, names of stages."""
