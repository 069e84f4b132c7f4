import ArgumentParser
import Descent

extension Recipe: ExpressibleByArgument {
    /// The recipe that the argument names.
    public init?(argument: String) {
        guard let recipe = Recipe.named(argument) else { return nil }
        self = recipe
    }

    /// What is offered when there is none of the name.
    public static var allValueStrings: [String] { all.map(\.name) }

    /// Refuses flags that say otherwise than the recipe.
    ///
    /// A flag that says what it says anyway cannot be told from none.
    func check(_ flags: Train) throws {
        let (training, network, tools) = (flags.training, flags.network, flags.tools)
        let given = [
            ("--model", network.model != "two-layer"), ("--hidden", network.hidden != nil),
            ("--activation", network.activation != nil), ("--epochs", training.epochs != 16),
            ("--batch-size", training.batchSize != 100), ("--optimizer", training.optimizer != .sgd),
            ("--lr", training.lr != nil), ("--momentum", training.momentum != nil),
            ("--loss", tools.loss != .crossEntropy), ("--schedule", tools.schedule != .constant),
            ("--weight-decay", tools.weightDecay != nil), ("--dropout", tools.dropout != nil),
            ("--clip-norm", tools.clipNorm != nil), ("--patience", tools.patience != nil),
            ("--augment", tools.augment != nil), ("--average", tools.average != nil),
        ].filter(\.1).map(\.0)
        guard let flag = given.first else { return }
        throw DescentError(
            .usage, "the recipe \(name) sets it", at: flag,
            advice: "leave it out, or give all settings without --recipe")
    }
}
