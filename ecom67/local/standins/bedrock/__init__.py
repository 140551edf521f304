"""A stand-in for Bedrock: Converse, ConverseStream and Retrieve for the AWS SDK.

Its demo model answers with sentences of the shop's documents and with results of tools only, and labels its answers.
With ``ECOM67_LLM_URL``, a language model on an OpenAI-compatible server answers instead.
"""
