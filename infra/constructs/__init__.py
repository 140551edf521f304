"""The building blocks of the stacks; each file is named after the construct that it defines."""
