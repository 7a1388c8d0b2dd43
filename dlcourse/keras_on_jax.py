"""Keras on JAX without TensorFlow, also where both are installed."""

import sys


class WithoutTensorFlow:
    """A finder that hides TensorFlow from Keras alone; put into `sys.meta_path`.

    `keras.utils.set_random_seed` imports TensorFlow wherever it is installed, to seed it too. On JAX that takes 0.4 GB
    and some seconds for nothing. Your own ``import tensorflow`` works as ever, and from then on Keras finds it.
    """

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """Leave every module to the other finders, but for TensorFlow when Keras asks for it.

        Raises:
            ModuleNotFoundError: in that case. Keras then does without.
        """
        if name != "tensorflow":
            return
        frame = sys._getframe(1)
        while frame and frame.f_globals.get("__name__", "").partition(".")[0] == "importlib":
            frame = frame.f_back
        if frame and frame.f_globals.get("__name__", "").partition(".")[0] == "keras":
            raise ModuleNotFoundError("Keras runs on JAX: to use TensorFlow with it, import it first", name=name)
