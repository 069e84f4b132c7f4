import Charts
import Descent
import Notes

let data = try Notebook.digits()
print(data.name)

// Three hundred examples are easily memorised.
let network = Sequential {
    Dense(784, 100, activation: .relu, initializer: .he)
    Dense(100, 10, initializer: .xavier)
}
let trainer = Trainer(
    optimizer: .sgd(learningRate: 0.1), batchSize: 50, epochs: 60, seed: 1, trainLimit: 300,
    reinitializesWeights: true)
let history = try trainer.fit(network, on: data.train, validating: data.test)

print(fixed(history.training.accuracy, 4))
print(fixed(history.test?.accuracy ?? .nan, 4))
print(fixed(history.training.accuracy - (history.test?.accuracy ?? .nan), 4))

let curve = LearningCurve(
    epochs: history.epochs.map(\.number), trainingLoss: history.epochs.map(\.training.loss),
    testLoss: history.epochs.compactMap(\.test?.loss),
    trainingAccuracy: history.epochs.map(\.training.accuracy),
    testAccuracy: history.epochs.compactMap(\.test?.accuracy), title: "300 examples: overfitting")
try Notebook.save(curve.svg(), as: "overfitting.svg")
