"""The product catalogue: products, categories, and the script that draws the product pictures."""
