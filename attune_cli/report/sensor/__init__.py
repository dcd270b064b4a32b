"""How a sensor's run looks: lines while it goes on, a live view, and what came of it."""
