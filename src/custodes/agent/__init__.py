"""The dock agent: offload a camera at a dock PC, and erase only what is proven to be safe.

It knows no Django and trusts the server only as far as the server's signed
receipt goes. Killed at any point and run again it neither loses nor duplicates.
What it sends is what lies on the camera; which officer wore it is for others.
"""
