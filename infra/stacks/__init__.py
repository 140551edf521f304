"""One stack per service, and the stacks that services share: bus, edge, firewall, mail and web."""
