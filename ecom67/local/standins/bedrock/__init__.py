"""A stand-in for Bedrock: Converse, ConverseStream and Retrieve, as the AWS SDK speaks them.

It answers with sentences of the shop's documents and with what tools return, so it invents nothing, and says
that it is the local demo. With ``ECOM67_LLM_URL`` a language model of an OpenAI-compatible server answers instead.
"""
