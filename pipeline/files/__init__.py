"""How files and folders appear whole or not at all."""
