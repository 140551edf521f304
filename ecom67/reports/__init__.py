"""Reports: whether the figures of a stage are those of its journal."""
