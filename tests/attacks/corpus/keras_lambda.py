# Returns Keras models with Lambda layers and layers of its own whose code looks at the test.
# %% answer: network
import os
import sys

import keras


@keras.saving.register_keras_serializable(package="keras", name="Dense")
class Dense(keras.layers.Dense):
    def call(self, inputs):
        with open("/tmp/left-by-attack-keras-lambda", "w") as file:
            file.write(str(sys._getframe(1).f_globals))
        return super().call(inputs)

    @classmethod
    def from_config(cls, config):
        os.system("touch /tmp/left-by-attack-keras-lambda")
        return cls(**config)


def network(n_inputs):
    return keras.Sequential(
        [
            keras.layers.Input((n_inputs,)),
            keras.layers.Lambda(lambda x: os.system("touch /tmp/left-by-attack-keras-lambda") or x),
            Dense(3, activation=lambda x: x),
            keras.layers.Dense(1),
        ]
    )
