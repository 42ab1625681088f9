from elearn.portal.models.home import HomePage

__all__ = ["HomePage"]
