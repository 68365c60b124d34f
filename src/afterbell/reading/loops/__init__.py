"""What a loop did: its caps, its shapes, its plan, and the signal it followed."""
