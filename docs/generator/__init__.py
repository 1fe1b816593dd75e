"""Which pages of the reference are made from the code, so that they can't say anything else than it?"""
