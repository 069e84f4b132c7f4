import ArgumentParser

/// Two numbers on the command line, `1e-5..0.1`, the smaller first.
struct NumberRange: ExpressibleByArgument, Equatable {
    let bounds: ClosedRange<Double>
    let text: String

    init?(argument: String) {
        guard let dots = argument.firstRange(of: ".."),
            let lower = Double(argument[..<dots.lowerBound]),
            // Three dots, as Swift has them, would make the upper end a tenth of itself.
            !argument[dots.upperBound...].hasPrefix("."),
            let upper = Double(argument[dots.upperBound...]),
            lower.isFinite, upper.isFinite, lower < upper
        else { return nil }
        (bounds, text) = (lower...upper, argument)
    }
}
