"""The live bus and what the market itself is doing; brokers have a folder each."""
