"""What people and coders offer, and the gate that it passes."""
