import ArgumentParser
import Descent

/// A network with all its settings, by name.
struct RecipeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A network with all its settings, for MNIST: \(Recipe.all.map(\.name).joined(separator: ", ")).",
            valueName: "name"), completion: .list(Recipe.all.map(\.name)))
    var recipe: Recipe?
}

extension Recipe: ExpressibleByArgument {
    /// Parses the recipe that the argument names.
    public init?(argument: String) {
        guard let recipe = Recipe.named(argument) else { return nil }
        self = recipe
    }

    /// The suggestions for an unknown name.
    public static var allValueStrings: [String] { all.map(\.name) }

    /// Refuses flags of settings that the recipe decides, also those that repeat a default.
    func check(_ arguments: [String]) throws {
        guard let flag = TrainFlag.names(.recipe).first(where: { Flags.contain($0, arguments) }) else {
            return
        }
        throw DescentError(
            .usage, "the recipe \(name) sets it", at: flag,
            advice: "leave it out, or give all settings without --recipe")
    }
}
