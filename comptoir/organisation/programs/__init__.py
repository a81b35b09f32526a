"""What the interface for programs is made of: its door, its pace, its pages of a list, and what it says when it cannot.

The routers themselves stand in each room's `api.py`; `comptoir.web.api` mounts them.
"""
