"""TensorFlow, a Keras model. Variants: function (tf.function), xla (jit_compile), bf16 (mixed_bfloat16)."""

import os

import network_job as job

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import tensorflow as tf  # noqa: E402

variant = job.arguments.variant
tf.config.threading.set_intra_op_parallelism_threads(job.arguments.threads)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.keras.utils.set_random_seed(job.SEED)
if variant == "bf16":
    tf.keras.mixed_precision.set_global_policy("mixed_bfloat16")


def make():
    layers = [tf.keras.Input((28, 28, 1))]
    for number, (kind, *sizes) in enumerate(job.layers):
        if kind == "conv":
            outputs, kernel, padding = sizes
            same = padding == kernel // 2
            if padding and not same:
                layers.append(tf.keras.layers.ZeroPadding2D(padding))
            border = "same" if same else "valid"
            layers.append(tf.keras.layers.Conv2D(outputs, kernel, padding=border, activation="relu"))
        elif kind == "pool":
            layers.append(tf.keras.layers.MaxPooling2D(2))
        elif kind == "flatten":
            layers.append(tf.keras.layers.Flatten())
        else:
            last = number + 1 == len(job.layers)
            layers.append(tf.keras.layers.Dense(sizes[0], activation=None if last else "relu"))
    return tf.keras.Sequential(layers)


def images(part):
    values, labels = job.load(part)
    return tf.constant(values[..., None]), tf.constant(labels)


network = make()
optimizer = tf.keras.optimizers.Adam()
optimizer.build(network.trainable_variables)
loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
train_images, train_labels = images("train")
test_images, test_labels = images("t10k")


@tf.function(jit_compile=variant == "xla")
def learn(x, labels):
    with tf.GradientTape() as tape:
        loss = loss_of(labels, tf.cast(network(x, training=True), tf.float32))
    optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
    return loss


@tf.function
def step():
    batch = tf.random.uniform((job.arguments.batch,), maxval=len(train_images), dtype=tf.int32)
    return learn(tf.gather(train_images, batch), tf.gather(train_labels, batch))


def train(steps):
    for _ in range(steps):
        loss = step()
    loss.numpy()


def accuracy():
    scores = network(test_images, training=False)
    return tf.reduce_mean(tf.cast(tf.argmax(scores, 1) == test_labels, tf.float32))


job.report(f"TensorFlow {variant}", tf.__version__, train, accuracy)
