"""What a request passes before a route answers it: the protocol, limits, the client, the host, its turn."""
