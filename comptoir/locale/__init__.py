"""What the pages say in French, and how dates and times are written where Django's way is not ours."""
