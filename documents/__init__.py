"""What the shop writes to people on paper: PDF pages with its letterhead, amounts, dates and addresses."""
