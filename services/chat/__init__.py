"""Chat: answers questions from help documents and catalogue, and notifies of changes of orders."""
