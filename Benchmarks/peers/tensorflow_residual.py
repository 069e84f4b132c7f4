"""TensorFlow, a Keras model. Variants: function (tf.function), xla (jit_compile)."""

import os

import residual_job as job

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import tensorflow as tf  # noqa: E402

variant = job.arguments.variant
tf.config.threading.set_intra_op_parallelism_threads(job.arguments.threads)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.keras.utils.set_random_seed(job.SEED)
# In the order of Descent's parameters.
made = []


def keep(layer):
    made.append(layer)
    return layer


def plain(x, outputs, kernel, stride):
    if kernel > 1 and stride > 1:
        x = tf.keras.layers.ZeroPadding2D(kernel // 2)(x)
    border = "same" if stride == 1 else "valid"
    return keep(tf.keras.layers.Conv2D(outputs, kernel, strides=stride, padding=border, use_bias=False))(x)


def norm(x):
    return keep(tf.keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5))(x)


def block(x, outputs, stride):
    y = tf.keras.layers.ReLU()(norm(plain(x, outputs, 3, stride)))
    y = norm(plain(y, outputs, 3, 1))
    kept = plain(x, outputs, 1, stride) if stride != 1 or x.shape[-1] != outputs else x
    return tf.keras.layers.ReLU()(tf.keras.layers.Add()([y, kept]))


def make():
    made.clear()
    given = tf.keras.Input((32, 32, 3))
    x = tf.keras.layers.ReLU()(norm(plain(given, job.stages()[0][0], 3, 1)))
    for outputs, stride, blocks in job.stages():
        for index in range(blocks):
            x = block(x, outputs, stride if index == 0 else 1)
    x = tf.keras.layers.GlobalAveragePooling2D()(x)
    return tf.keras.Model(given, keep(tf.keras.layers.Dense(job.CLASSES))(x))


def check(images, labels):
    network, index = make(), 0
    for layer in made:
        for parameter in layer.trainable_variables:
            shape = tuple(parameter.shape)
            if len(shape) == 4:  # [R, S, C, K]; there [K, C, R, S]
                r, s, c, k = shape
                values = job.first_values(index, (k, c, r, s), 0).transpose(2, 3, 1, 0)
            else:
                values = job.first_values(index, shape, 1 if "gamma" in parameter.name else 0)
            parameter.assign(values)
            index += 1
    loss = loss_of(labels[:8], network(images[:8], training=True))
    job.check(sum(int(tf.size(parameter)) for parameter in network.trainable_variables), float(loss))


loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
values, classes = job.load()
images, labels = tf.constant(values.transpose(0, 2, 3, 1)), tf.constant(classes)
check(images, labels)
network = make()
optimizer = tf.keras.optimizers.Adam()
optimizer.build(network.trainable_variables)


@tf.function(jit_compile=variant == "xla")
def learn(x, labels):
    with tf.GradientTape() as tape:
        loss = loss_of(labels, network(x, training=True))
    optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
    return loss


@tf.function
def step():
    batch = tf.random.uniform((job.arguments.batch,), maxval=len(images), dtype=tf.int32)
    return learn(tf.gather(images, batch), tf.gather(labels, batch))


def train(steps):
    for _ in range(steps):
        loss = step()
    loss.numpy()


def accuracy():
    scores = network(images[: job.SEEN], training=False)
    return tf.reduce_mean(tf.cast(tf.argmax(scores, 1) == labels[: job.SEEN], tf.float32))


job.report(f"TensorFlow {variant}", tf.__version__, train, accuracy)
