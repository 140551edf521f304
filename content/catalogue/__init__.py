"""The shop's own catalogue: product rows, categories, and the script that draws their pictures."""
