"""How many files and connections a process may have open."""

import resource

WANTED = 65_536


def allow_many() -> int:
    """Raise this process's limit as far as it may be: many systems begin with 1,024. The limit there is now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    return soft
