"""What is deployed: constructs, one stack per service, and the settings of the stages."""
