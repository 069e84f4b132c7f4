import Charts
import Descent
import Notes

let data = try Notebook.digits()
print(data.name)
print(data.train.count / 100)  // steps in an epoch, 100 examples each

let network = Sequential {
    Dense(784, 50, activation: .sigmoid)
    Dense(50, 10)
}
let trainer = Trainer(
    optimizer: .sgd(learningRate: 0.1), batchSize: 100, epochs: 16, seed: 1, reinitializesWeights: true)
let history = try trainer.fit(network, on: data.train, validating: data.test)
for epoch in history.epochs {
    print(epoch.number, fixed(epoch.training.accuracy, 4), fixed(epoch.test?.accuracy ?? .nan, 4))
}
print(history.epochs.count)
print(history.training.accuracy)
print(history.test?.accuracy ?? .nan)
print(fixed(history.training.accuracy - (history.test?.accuracy ?? .nan), 4))

let curve = LearningCurve(
    epochs: history.epochs.map(\.number), trainingLoss: history.epochs.map(\.training.loss),
    testLoss: history.epochs.compactMap(\.test?.loss),
    trainingAccuracy: history.epochs.map(\.training.accuracy),
    testAccuracy: history.epochs.compactMap(\.test?.accuracy), title: "784-50-10 on \(data.name)")
try Notebook.save(curve.svg(), as: "epochs.svg")
