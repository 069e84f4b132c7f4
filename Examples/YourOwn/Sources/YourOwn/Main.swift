import Descent

/// Trains a network with a layer, an activation, first weights, an optimiser, a loss and a schedule that Descent does not know,
/// each found by its name; keeps it in a model folder, and reads that in another process.
@main struct Main {
    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "read" {
            print(try ModelOnDisk(path: arguments[2]).accuracy(on: digits.test))
        } else if try !OwnPipeline.run() {
            try train()
        }
    }

    private static var digits: Dataset { BuiltInDigits.dataset(trainCount: 2000, testCount: 500) }

    private static func train() throws {
        var optimizers = OptimizerRegistry.standard
        optimizers.register(SignDescent.self)
        var losses = LossRegistry.standard
        losses.register(NeighborLoss.self)
        var schedules = ScheduleRegistry.standard
        schedules.register(InverseTime.self)
        var activations = ActivationRegistry.standard
        activations.register(SquaredReLU.self)
        var initializers = InitializerRegistry.standard
        initializers.register(GlorotUniform.self)

        // Without the line that registers it, a name is refused, with the names there are.
        do {
            _ = try Loss(parsing: "neighbor:0.1")
            throw Failure("a loss was known without being registered")
        } catch let error as DescentError {
            print("not registered: \(error)")
        }

        let optimizer = try optimizers.kind(named: "sign").init()
        var trainer = Trainer(
            optimizer: optimizer, loss: try Loss(parsing: "neighbor:0.05", in: losses), batchSize: 50,
            epochs: 6, seed: 1)
        trainer.schedule = try Schedule(parsing: "inverse-time:0.5", in: schedules)
        print("training by \(trainer.optimizer.summary); loss \(trainer.loss), schedule \(trainer.schedule)")

        let initializer = try Initializer(parsing: "glorot-uniform:1", in: initializers)
        let activation = try Activation(parsing: "squared-relu", in: activations)
        let network = Sequential {
            GatedUnit(784, 32, initializer: initializer)
            ActivationLayer(activation)
            Dense(32, 10, initializer: initializer)
        }
        for layer in try NetworkSummary(of: network, inputShape: [784]).layers {
            print(
                "\(layer.type) (\(layer.detail)): \(layer.parameterCount) parameters,",
                "\(layer.operations ?? 0) operations")
        }

        let digits = digits
        let history = try trainer.fit(network, on: digits.train, validating: digits.test)
        for epoch in history.epochs {
            print("epoch \(epoch.number): test accuracy \(epoch.test?.accuracy ?? 0)")
        }
        guard let last = history.epochs.last?.test?.accuracy, last > 0.6 else {
            throw Failure("the network has not learned")
        }

        let model = try ModelOnDisk.write(network, digits)
        defer { model.remove() }
        guard try model.readInAnotherProcess() == "\(last)" else {
            throw Failure("another process has another accuracy than \(last)")
        }
    }
}
