import ArgumentParser
import Descent

/// Settings all at once, and what `descent train` does instead of one plain run.
struct StudyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A network with all its settings, for MNIST: \(Recipe.all.map(\.name).joined(separator: ", ")).",
            valueName: "name"), completion: .list(Recipe.all.map(\.name)))
    var recipe: Recipe?

    @Flag(help: "Train nothing: let the learning rate grow and see which suits.")
    var findLr = false

    @Option(
        help: ArgumentHelp(
            "The rates that --find-lr tries, smallest to largest (default: 1e-6..10).", valueName: "a..b"))
    var lrRange: NumberRange?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Steps of --find-lr or --profile.", valueName: "n"))
    var steps: Int?

    @Option(
        name: .customLong("repeat"), parsing: .unconditional,
        help: ArgumentHelp(
            "Train so many times, with seeds one after another; mean and standard deviation.", valueName: "n")
    )
    var repeats: Int?

    @Flag(help: "Train nothing: measure where the time of a step goes, layer by layer.")
    var profile = false

    @Option(
        help: ArgumentHelp("Draw the curve of --find-lr into this file.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var svg: String?

    func validate() throws {
        let modes = [(findLr, "--find-lr"), (repeats != nil, "--repeat"), (profile, "--profile")].filter(\.0)
            .map(\.1)
        if modes.count > 1 { throw ValidationError("\(modes.joined(separator: " and ")) exclude each other") }
        if let repeats, !(2...1000).contains(repeats) {
            throw ValidationError("--repeat must be 2 to 1000, not \(repeats)")
        }
        if lrRange != nil, !findLr { throw ValidationError("--lr-range is for --find-lr") }
        if svg != nil, !findLr { throw ValidationError("--svg is for --find-lr") }
        try WrittenFile.svg.checkName(svg, of: "--svg")
        if let range = lrRange,
            !(Float(range.bounds.lowerBound) > 0 && Float(range.bounds.upperBound).isFinite)
        {
            throw ValidationError("--lr-range must lie within 1.4e-45..3.4e38, not \(range.text)")
        }
        if let steps {
            if !findLr && !profile { throw ValidationError("--steps is for --find-lr and --profile") }
            if !((findLr ? 20 : 1)...1_000_000).contains(steps) {
                throw ValidationError("--steps must be \(findLr ? 20 : 1) to 1000000, not \(steps)")
            }
        }
    }
}

/// Two numbers on the command line, `1e-5..0.1`, the smaller first.
struct NumberRange: ExpressibleByArgument, Equatable {
    let bounds: ClosedRange<Double>
    let text: String

    init?(argument: String) {
        guard let dots = argument.firstRange(of: ".."),
            let lower = Double(argument[..<dots.lowerBound]),
            let upper = Double(argument[dots.upperBound...]),
            lower.isFinite, upper.isFinite, lower < upper
        else { return nil }
        (bounds, text) = (lower...upper, argument)
    }
}
