"""The way of an extract: source, staging, detect, plan, pseudonymize, assess, seal, guard, sink."""
