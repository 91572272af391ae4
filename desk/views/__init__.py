"""The pages of the desk, one module a workplace. They show and pass on; what is allowed is decided in the steps."""
