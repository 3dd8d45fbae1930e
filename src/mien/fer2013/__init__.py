"""FER2013 and FER+ as arrays, from every form in circulation. No torch.

::

    data = mien.fer2013.read("fer2013.csv", ferplus="fer2013new.csv")
    public = data.split("public")
    public.images_nhw.shape, public.labels, public.votes
"""

from mien.fer2013.dataset import SIDE, Dataset
from mien.fer2013.forms import read

__all__ = ["SIDE", "Dataset", "read"]
