"""AES-CMAC, AES-SIV and FF1 over whole Arrow columns; the AES block itself is OpenSSL's, through `cryptography`.

No loop over values: numpy gathers one 16-byte block of every value, one call enciphers them all (ECB is only the
permutation inside the mode), and the text of the result is written straight into Arrow buffers.
"""
