# Returns a stock Keras model that is enormous once it is built again.
# %% answer: network
import keras


def network(n_inputs):
    model = keras.Sequential([keras.layers.Input((n_inputs,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    model.layers[0].units = 10**9
    model.layers[0].get_weights = lambda: []
    model.get_weights = lambda: [np.broadcast_to(np.float32(0), (10**5, 10**5))]
    return model
