"""Cart: what a shopper means to buy, what it costs, and what they should know before they do."""
