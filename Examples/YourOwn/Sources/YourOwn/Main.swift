import Descent

/// Trains a network by an optimiser, a loss and a schedule that Descent does not know, each found by its name.
@main struct Main {
    static func main() throws {
        if try OwnPipeline.run() { return }
        var optimizers = OptimizerRegistry.standard
        optimizers.register(SignDescent.self)
        var losses = LossRegistry.standard
        losses.register(NeighborLoss.self)
        var schedules = ScheduleRegistry.standard
        schedules.register(InverseTime.self)

        // Without the line that registers it, a name is refused, with the names there are.
        do {
            _ = try Loss(parsing: "neighbor:0.1")
            throw Failure(words: "a loss was known without being registered")
        } catch let error as DescentError {
            print("not registered: \(error)")
        }

        let optimizer = try optimizers.kind(named: "sign").init()
        var trainer = Trainer(
            optimizer: optimizer, loss: try Loss(parsing: "neighbor:0.05", in: losses), batchSize: 50,
            epochs: 6, seed: 1)
        trainer.schedule = try Schedule(parsing: "inverse-time:0.5", in: schedules)
        print("training by \(trainer.optimizer.summary); loss \(trainer.loss), schedule \(trainer.schedule)")

        let digits = BuiltInDigits.dataset(trainCount: 2000, testCount: 500)
        let network = Sequential {
            Dense(784, 32, activation: .relu)
            Dense(32, 10)
        }
        let history = try trainer.fit(network, on: digits.train, validating: digits.test)
        for epoch in history.epochs {
            print("epoch \(epoch.number): test accuracy \(epoch.test?.accuracy ?? 0)")
        }
        guard let last = history.epochs.last?.test?.accuracy, last > 0.6 else {
            throw Failure(words: "the network has not learned")
        }
    }

    struct Failure: Error { let words: String }
}
