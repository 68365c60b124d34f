"""Mode 3: the prompt, the tools, the retrieval template or the model changed between research and execution."""
