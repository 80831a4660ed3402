"""What the JSON API gives out: an explicit list, so that nothing leaves by accident."""
