from tests.settings import *  # noqa: F403

EXOTIC_SWAPPED = "shop.Tag"
