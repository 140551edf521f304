"""The catalog: products, their categories and images, and the staff's bulk import."""
